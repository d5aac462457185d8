package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program in memory that nobody can change any more, root included. It is there for every process
 * of this machine, by its path, as long as this process lives. Fact: memfd_create(2).
 */
public final class SealedCopy {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;

  /** Known since Linux 6.3, where a system may want it said. */
  private static final int MFD_EXEC = 0x10;

  private static final int F_ADD_SEALS = 1033;
  private static final int SEAL_ALL = 1 | 2 | 4 | 8; // Sealing, shrinking, growing and writing.

  private static final NativeCall CREATE = NativeCall.ofInt("memfd_create", ADDRESS, JAVA_INT);
  private static final NativeCall FCNTL = NativeCall.ofInt("fcntl", JAVA_INT, JAVA_INT, JAVA_INT);

  private final Descriptor file;

  private SealedCopy(Descriptor file) {
    this.file = file;
  }

  /** Copies that program. */
  public static SealedCopy of(Path program) throws IOException {
    try (var writing = create(program.getFileName())) {
      Files.write(writing.asPath(), Files.readAllBytes(program));
      FCNTL.on(program, writing.number(), F_ADD_SEALS, SEAL_ALL);
      // A program that is open for writing cannot be started.
      return new SealedCopy(Descriptor.open(writing.asPath(), Descriptor.O_RDONLY));
    }
  }

  private static Descriptor create(Path name) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var text = NativeCall.text(arena, name);
          int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
          long number = CREATE.orErrno(text, flags | MFD_EXEC);
          if (number == -Errno.EINVAL) {
            number = CREATE.on(name, text, flags);
          }
          if (number < 0) {
            throw new LinuxException("memfd_create", name.toString(), (int) -number);
          }
          return new Descriptor((int) number);
        });
  }

  /** For every process of this machine, this one's children and their children included. */
  public Path path() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + file.number());
  }
}
