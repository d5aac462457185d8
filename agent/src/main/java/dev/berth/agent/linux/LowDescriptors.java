package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;

/**
 * Small numbers of descriptors, held so that the rest of the process takes others. They are for
 * libnftables: it waits by {@code select}, which knows numbers below 1024 alone, and the C library
 * ends the process that shows it another. One thread at a time. Facts: select(2), socket(7).
 */
final class LowDescriptors {
  private static final int NUMBER_COUNT = 1024;

  /** One for each VPC of this host at the same time, once the others are used up. */
  private static final int HELD_COUNT = 128;

  private static final Path NOTHING = Path.of("/dev/null");
  private static final int SOL_SOCKET = 1;
  private static final int SO_PROTOCOL = 38;
  private static final int SO_DOMAIN = 39;

  private static final NativeCall OPTION =
      NativeCall.ofInt("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

  private final ArrayDeque<Descriptor> held = new ArrayDeque<>();

  LowDescriptors() throws IOException {
    hold();
  }

  /** Takes free ones until enough are held, or there is none. */
  void hold() throws IOException {
    while (held.size() < HELD_COUNT) {
      var next = Descriptor.open(NOTHING, Descriptor.O_RDONLY);
      if (next.number() >= NUMBER_COUNT) {
        next.close();
        return;
      }
      held.push(next);
    }
  }

  /** Frees one: the next descriptor that the process opens has this number, or a smaller one. */
  int free() throws IOException {
    hold();
    if (held.isEmpty()) {
      throw new IOException(
          "no descriptor below " + NUMBER_COUNT + " is free, and libnftables can use no other");
    }
    var freed = held.pop();
    freed.close();
    return freed.number();
  }

  /**
   * Whether the one that was opened after {@link #free} has that number or a smaller one; not where
   * another thread was faster.
   */
  static boolean isTaken(int freed, int domain, int protocol) throws IOException {
    int found = option(freed, SO_DOMAIN);
    if (found == -Errno.EBADF) {
      return true; // A smaller one was free, too.
    }
    return found == domain && option(freed, SO_PROTOCOL) == protocol;
  }

  /** Negative where it is no socket, or not there. */
  private static int option(int number, int option) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var value = arena.allocate(JAVA_INT);
          var size = arena.allocateFrom(JAVA_INT, Integer.BYTES);
          long result = OPTION.orErrno(number, SOL_SOCKET, option, value, size);
          return result < 0 ? (int) result : value.get(JAVA_INT, 0);
        });
  }
}
