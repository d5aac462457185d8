package dev.berth.logs;

import java.util.Comparator;

/**
 * Where an event stands among all events of its group: by its time, then by its stream, then by its
 * arrival there.
 *
 * @param stream the stream's number in its store
 * @param sequence the event's number in its stream, from 0
 */
public record EventPosition(long epochMillis, long stream, long sequence)
    implements Comparable<EventPosition> {
  private static final Comparator<EventPosition> ORDER =
      Comparator.comparingLong(EventPosition::epochMillis)
          .thenComparingLong(EventPosition::stream)
          .thenComparingLong(EventPosition::sequence);

  /** Before every event of that time. */
  public static EventPosition before(long epochMillis) {
    return new EventPosition(epochMillis, -1, -1);
  }

  /** After every event of that time. */
  public static EventPosition after(long epochMillis) {
    return new EventPosition(epochMillis, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  @Override
  public int compareTo(EventPosition other) {
    return ORDER.compare(this, other);
  }
}
