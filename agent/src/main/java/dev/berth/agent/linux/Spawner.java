package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts programs that share nothing with this process: a session of their own, no descriptor but
 * those given, and a working directory and environment of just what is given.
 */
public final class Spawner {
  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  private static final int WNOHANG = 1;

  /** Larger than the C library's opaque structs, which it keeps below 400 bytes. */
  private static final int OPAQUE_SIZE = 1024;

  /** More than a signal set takes. */
  private static final int SIGNAL_SET_SIZE = 128;

  private static final NativeCall SPAWN =
      NativeCall.ofInt("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final NativeCall ACTIONS_INIT =
      NativeCall.ofInt("posix_spawn_file_actions_init", ADDRESS);
  private static final NativeCall ACTIONS_DESTROY =
      NativeCall.ofInt("posix_spawn_file_actions_destroy", ADDRESS);
  private static final NativeCall ADD_DUP2 =
      NativeCall.ofInt("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  private static final NativeCall ADD_CLOSE_FROM =
      NativeCall.ofInt("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
  private static final NativeCall ADD_CHANGE_DIRECTORY =
      NativeCall.ofInt("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
  private static final NativeCall ATTRIBUTES_INIT =
      NativeCall.ofInt("posix_spawnattr_init", ADDRESS);
  private static final NativeCall SET_FLAGS =
      NativeCall.ofInt("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
  private static final NativeCall SET_DEFAULTS =
      NativeCall.ofInt("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
  private static final NativeCall WAIT = NativeCall.ofInt("waitpid", JAVA_INT, ADDRESS, JAVA_INT);
  private static final NativeCall PIDFD_OPEN =
      NativeCall.system("pidfd_open", 434, JAVA_INT, JAVA_INT);

  private final ReadinessWatcher watcher;

  public Spawner(ReadinessWatcher watcher) {
    this.watcher = watcher;
  }

  /**
   * A program to start.
   *
   * @param command the program's path and its arguments
   * @param folder the program's working directory
   * @param descriptors by their number in the program, from 0 on; all others are closed
   */
  public record Command(
      List<String> command,
      Path folder,
      Map<String, String> environment,
      List<Descriptor> descriptors) {}

  /** A started program, to be awaited by its starter. */
  public final class Child {
    private final long pid;
    private final String name;

    private Child(long pid, String name) {
      this.pid = pid;
      this.name = name;
    }

    /**
     * Parks until it has ended; one that takes longer is killed, which is a failure. Gives its exit
     * code, or 128 and the signal that killed it.
     */
    public int await(long timeoutMillis) throws IOException, InterruptedException {
      var exitCode = awaitWithin(timeoutMillis);
      if (exitCode.isPresent()) {
        return exitCode.getAsInt();
      }
      kill();
      throw new IOException(name + " had to be killed after " + timeoutMillis + " ms");
    }

    /** The same, but one that still runs after that time runs on, and there is no exit code yet. */
    public OptionalInt awaitWithin(long timeoutMillis) throws IOException, InterruptedException {
      try (var descriptor = new Descriptor((int) PIDFD_OPEN.on(name, (int) pid, 0));
          var watch = watcher.watch(descriptor)) {
        watch.readable().get(timeoutMillis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        return OptionalInt.empty();
      } catch (ExecutionException e) {
        throw new IOException(name + " could not be awaited", e);
      }
      return OptionalInt.of(reap(WNOHANG));
    }

    /** Ends it now, and waits for that. Not after its end was awaited. */
    public void kill() throws IOException {
      ProcessIdentity.of(pid).orElseThrow().signal(Signals.SIGKILL);
      reap(0);
    }

    private int reap(int flags) throws IOException {
      return NativeCall.withMemory(
          arena -> {
            var status = arena.allocate(JAVA_INT);
            WAIT.on(name, (int) pid, status, flags);
            int value = status.get(JAVA_INT, 0);
            int signal = value & 0x7f;
            return signal == 0 ? (value >> 8) & 0xff : 128 + signal;
          });
    }
  }

  /** Starts the program. Fails with ENOENT or EACCES when it cannot be executed. */
  public Child spawn(Command command) throws IOException {
    var program = command.command().getFirst();
    return NativeCall.withMemory(
        arena -> {
          var actions = arena.allocate(OPAQUE_SIZE, 16);
          check("posix_spawn_file_actions_init", program, ACTIONS_INIT.orErrno(actions));
          try {
            addDescriptors(actions, command);
            var folder = NativeCall.text(arena, command.folder().toString());
            check("addchdir", program, ADD_CHANGE_DIRECTORY.orErrno(actions, folder));
            var pid = arena.allocate(JAVA_INT);
            long error =
                SPAWN.orErrno(
                    pid,
                    NativeCall.text(arena, program),
                    actions,
                    attributes(arena, program),
                    strings(arena, command.command()),
                    strings(arena, environment(command)));
            check("posix_spawn", program, error);
            return new Child(pid.get(JAVA_INT, 0), Path.of(program).getFileName().toString());
          } finally {
            ACTIONS_DESTROY.orErrno(actions);
          }
        });
  }

  private static void addDescriptors(MemorySegment actions, Command command) throws IOException {
    var program = command.command().getFirst();
    for (int i = 0; i < command.descriptors().size(); i++) {
      int number = command.descriptors().get(i).number();
      if (number < command.descriptors().size() && number != i) {
        throw new UncheckedIOException(
            new IOException("descriptor " + number + " would be overwritten before it is passed"));
      }
      check("adddup2", program, ADD_DUP2.orErrno(actions, number, i));
    }
    check("addclosefrom", program, ADD_CLOSE_FROM.orErrno(actions, command.descriptors().size()));
  }

  /** A session of its own, no blocked signal, and each signal's default: nothing of the JVM's. */
  private static MemorySegment attributes(Arena arena, String program) throws IOException {
    var attributes = arena.allocate(OPAQUE_SIZE, 16); // Its signal mask is empty when zeroed.
    check("posix_spawnattr_init", program, ATTRIBUTES_INIT.orErrno(attributes));
    var signals = arena.allocate(SIGNAL_SET_SIZE, 16);
    // Not by sigfillset: it leaves out the C library's own, which would then stay ignored.
    signals.fill((byte) 0xff);
    check("setsigdefault", program, SET_DEFAULTS.orErrno(attributes, signals));
    check(
        "setflags",
        program,
        SET_FLAGS.orErrno(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID)));
    return attributes;
  }

  private static List<String> environment(Command command) {
    var lines = new ArrayList<String>();
    command.environment().forEach((name, value) -> lines.add(name + "=" + value));
    return lines;
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    var array = arena.allocate(ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ADDRESS, i, NativeCall.text(arena, texts.get(i)));
    }
    array.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
    return array;
  }

  /** These functions answer with the error's number itself. */
  private static void check(String operation, String program, long error) throws LinuxException {
    if (error != 0) {
      throw new LinuxException(operation, program, (int) Math.abs(error));
    }
  }
}
