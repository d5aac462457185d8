package dev.berth.model.log;

import java.util.Arrays;

/**
 * Events of one stream, in the order of their times, as one compressed piece of bytes that hosts
 * write, the link carries and stores keep, without anybody on the way taking it apart.
 *
 * <p>The bytes are a Zstandard frame over what {@link EventWriter} writes.
 *
 * @param firstMillis the first event's time since the epoch
 * @param lastMillis the last event's time: no earlier than the first's
 * @param rawByteCount length of the bytes before they were compressed
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by its content, below; copied by nobody.
public record EventBlock(
    int eventCount, long firstMillis, long lastMillis, int rawByteCount, byte[] compressed) {
  /** Of one block, before it is compressed: what a reader must have room for. */
  public static final int RAW_BYTE_COUNT_MAX = 4 << 20;

  /** No events: what says only how far a source has been read. */
  public static final EventBlock EMPTY = new EventBlock(0, 0, 0, 0, new byte[0]);

  public EventBlock {
    if (eventCount < 0
        || firstMillis > lastMillis
        || rawByteCount < 0
        || rawByteCount > RAW_BYTE_COUNT_MAX) {
      throw new IllegalArgumentException(
          "a block of " + eventCount + " events in " + rawByteCount + " bytes");
    }
  }

  public boolean isEmpty() {
    return eventCount == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventBlock that
        && eventCount == that.eventCount
        && firstMillis == that.firstMillis
        && lastMillis == that.lastMillis
        && rawByteCount == that.rawByteCount
        && Arrays.equals(compressed, that.compressed);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(compressed) * 31 + eventCount;
  }

  @Override
  public String toString() {
    return "EventBlock[eventCount=" + eventCount + ", rawByteCount=" + rawByteCount + "]";
  }
}
