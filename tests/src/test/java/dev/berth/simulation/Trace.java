package dev.berth.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** What happened: the last events in words, and all of them as one number. */
final class Trace {
  private static final int KEPT_COUNT = 150;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** What can happen. The simulation is only worth something if each of them does. */
  enum Kind {
    COMMAND,
    REFUSED,
    REPEATED_COMMAND,
    OLD_CONTROL_COMMAND,
    TO_CONTROL,
    TO_AGENT,
    DUPLICATE,
    LATE_TO_AGENT,
    REPLAYED_REPORT,
    CONNECTED,
    CONNECTION_LOST,
    AGENT_STARTED,
    AGENT_KILLED,
    MACHINE_RESTARTED,
    MACHINE_GONE,
    PARTITION,
    PROCESS_ENDED,
    CONTROL_STARTED,
    CONTROL_KILLED,
    COMMIT_LOST,
    COMMIT_KEPT,
    INTERLEAVED,
    ROUND,
    HOST_GIVEN_UP,
    TASK_FORGOTTEN,
    CLOCK_JUMP
  }

  private final Deque<String> last = new ArrayDeque<>();
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private long hash = 0xcbf29ce484222325L;
  private long eventCount;

  void add(Kind kind, String what) {
    String event = kind + " " + what;
    counts.merge(kind, 1, Integer::sum);
    hash = (hash ^ event.hashCode()) * FNV_PRIME;
    eventCount++;
    last.addLast(eventCount + " " + event);
    if (last.size() > KEPT_COUNT) {
      last.removeFirst();
    }
  }

  /** Equal when the same things happened in the same order. */
  long hash() {
    return hash;
  }

  Map<Kind, Integer> counts() {
    return counts;
  }

  @Override
  public String toString() {
    return String.join("\n", last);
  }
}
