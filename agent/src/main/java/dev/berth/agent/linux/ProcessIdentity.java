package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with its number.
 *
 * @param startTicks when it started, in clock ticks since the boot, from {@code /proc/pid/stat}
 */
public record ProcessIdentity(long pid, long startTicks) {
  private static final NativeCall PIDFD_OPEN =
      NativeCall.system("pidfd_open", 434, JAVA_INT, JAVA_INT);
  private static final NativeCall PIDFD_SEND_SIGNAL =
      NativeCall.system("pidfd_send_signal", 424, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

  /** The process that has this number now. */
  public static Optional<ProcessIdentity> of(long pid) throws IOException {
    return stat(pid).map(fields -> new ProcessIdentity(pid, Long.parseLong(fields[19])));
  }

  /** The number of the process's parent, or empty when it has ended. */
  public Optional<Long> parent() throws IOException {
    return stat(pid)
        .filter(fields -> Long.parseLong(fields[19]) == startTicks)
        .map(fields -> Long.parseLong(fields[1]));
  }

  /** Whether it still runs: not ended, and no zombie. */
  public boolean isAlive() throws IOException {
    return stat(pid)
        .filter(fields -> Long.parseLong(fields[19]) == startTicks)
        .filter(fields -> !fields[0].equals("Z") && !fields[0].equals("X"))
        .isPresent();
  }

  /** A descriptor that becomes readable when the process ends; empty when it has ended already. */
  public Optional<Descriptor> open() throws IOException {
    long result = PIDFD_OPEN.orErrno((int) pid, 0);
    if (result == -Errno.ESRCH || result == -Errno.EINVAL) {
      return Optional.empty();
    }
    if (result < 0) {
      throw new LinuxException("pidfd_open", "process " + pid, (int) -result);
    }
    var descriptor = new Descriptor((int) result);
    // The descriptor holds the number; only now is the comparison safe.
    if (isAlive()) {
      return Optional.of(descriptor);
    }
    descriptor.close();
    return Optional.empty();
  }

  /** Sends the signal; false when the process has ended. */
  public boolean signal(int signal) throws IOException {
    var opened = open();
    if (opened.isEmpty()) {
      return false;
    }
    try (var descriptor = opened.get()) {
      long result = PIDFD_SEND_SIGNAL.orErrno(descriptor.number(), signal, MemorySegment.NULL, 0);
      if (result == -Errno.ESRCH) {
        return false;
      }
      if (result < 0) {
        throw new LinuxException("pidfd_send_signal", "process " + pid, (int) -result);
      }
      return true;
    }
  }

  /** The processes that have this text as a whole argument of their command line. */
  public static List<ProcessIdentity> withArgument(String argument) throws IOException {
    var found = new ArrayList<ProcessIdentity>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var entry : entries) {
        var pid = Long.parseLong(entry.getFileName().toString());
        if (arguments(entry).contains(argument)) {
          of(pid).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static List<String> arguments(Path process) {
    try {
      return List.of(Files.readString(process.resolve("cmdline")).split("\0", -1));
    } catch (IOException e) {
      return List.of(); // It has ended, or its arguments are no text: none of ours.
    }
  }

  /** The fields of its stat line after the name: state, parent … start time at position 19. */
  private static Optional<String[]> stat(long pid) throws IOException {
    try {
      var line = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      // The name may hold anything, a bracket and spaces as well.
      return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    } catch (FileSystemException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No such process")) {
        return Optional.empty(); // It ended between the opening and the reading.
      }
      throw e;
    }
  }
}
