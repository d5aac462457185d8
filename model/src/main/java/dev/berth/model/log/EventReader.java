package dev.berth.model.log;

import java.nio.charset.StandardCharsets;

/**
 * Goes over the events that an {@link EventWriter} wrote.
 *
 * <p>Every method that reads throws {@link IllegalArgumentException} when the bytes are no such.
 */
public final class EventReader {
  private static final int NUMBER_BITS_MAX = 63;

  private final byte[] bytes;
  private final int byteCount;
  private int position;
  private long epochMillis;
  private boolean stderr;
  private int messageFrom;
  private int messageLength;

  /** Over bytes that are no longer compressed. */
  public EventReader(byte[] bytes, int byteCount, long firstMillis) {
    this.bytes = bytes;
    this.byteCount = byteCount;
    this.epochMillis = firstMillis;
  }

  /** Goes to the next event; false at the end. */
  public boolean next() {
    if (position == byteCount) {
      return false;
    }
    epochMillis += number();
    long length = number();
    stderr = (length & 1) == 1;
    length >>>= 1;
    if (length > byteCount - position) {
      throw new IllegalArgumentException("an event ends after its block");
    }
    messageFrom = position;
    messageLength = (int) length;
    position += messageLength;
    return true;
  }

  private long number() {
    long value = 0;
    for (int shift = 0; shift < NUMBER_BITS_MAX; shift += 7) {
      if (position == byteCount) {
        break;
      }
      byte next = bytes[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a block breaks off in a number");
  }

  public long epochMillis() {
    return epochMillis;
  }

  public boolean isStderr() {
    return stderr;
  }

  public int messageLength() {
    return messageLength;
  }

  /** The message as text; what is no UTF-8 in it is replaced. */
  public String message() {
    return new String(bytes, messageFrom, messageLength, StandardCharsets.UTF_8);
  }

  /** Adds the event as it is to another block. */
  public void copyTo(EventWriter writer) {
    writer.add(epochMillis, stderr, bytes, messageFrom, messageLength);
  }
}
