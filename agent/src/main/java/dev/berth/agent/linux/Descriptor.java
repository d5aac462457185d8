package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor that is closed once. */
public final class Descriptor implements AutoCloseable {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;

  private static final NativeCall OPEN = NativeCall.ofInt("open", ADDRESS, JAVA_INT);
  private static final NativeCall CLOSE = NativeCall.ofInt("close", JAVA_INT);
  private static final NativeCall READ = NativeCall.ofLong("read", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final NativeCall WRITE = NativeCall.ofLong("write", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final NativeCall PIPE = NativeCall.ofInt("pipe2", ADDRESS, JAVA_INT);

  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  public Descriptor(int number) {
    this.number = number;
  }

  /** Opens an existing file; {@code O_CLOEXEC} is always added. */
  public static Descriptor open(Path path, int flags) throws IOException {
    return NativeCall.withMemory(
        arena ->
            new Descriptor((int) OPEN.on(path, NativeCall.text(arena, path), flags | O_CLOEXEC)));
  }

  /** Both ends of a pipe: what is written to the second is read from the first. */
  public record Pipe(Descriptor reading, Descriptor writing) {
    public static Pipe open() throws IOException {
      return NativeCall.withMemory(
          arena -> {
            var ends = arena.allocate(JAVA_INT, 2);
            PIPE.on("pipe", ends, O_CLOEXEC);
            return new Pipe(
                new Descriptor(ends.getAtIndex(JAVA_INT, 0)),
                new Descriptor(ends.getAtIndex(JAVA_INT, 1)));
          });
    }
  }

  public int number() {
    return number;
  }

  /** This file by the kernel's magic link, for calls that want a path. Valid while it is open. */
  public Path asPath() {
    return Path.of("/proc/self/fd/" + number);
  }

  /** At most that many bytes; none at the end. Blocks where the file does. */
  public byte[] read(int byteCountMax) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var buffer = arena.allocate(byteCountMax);
          long count = READ.on("descriptor " + number, number, buffer, (long) byteCountMax);
          return buffer.asSlice(0, count).toArray(JAVA_BYTE);
        });
  }

  /** Writes once, as much as the kernel takes. */
  public long write(byte[] bytes) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var buffer = arena.allocate(Math.max(1, bytes.length));
          MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
          return WRITE.on("descriptor " + number, number, buffer, (long) bytes.length);
        });
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      CLOSE.orErrno(number); // The number is free even when close reports an error.
    }
  }
}
