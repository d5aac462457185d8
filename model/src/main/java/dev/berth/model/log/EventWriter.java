package dev.berth.model.log;

import java.util.Arrays;

/**
 * Writes events one after the other: the milliseconds since the event before (since 0 for the
 * first, whose time the block has), twice the length, plus one for standard error, and the message.
 * Numbers are written seven bits a byte, the lowest first.
 */
public final class EventWriter {
  /** What one event costs beside its message, at the most. */
  public static final int OVERHEAD_BYTE_COUNT_MAX = 15;

  private static final int BYTE_COUNT_INITIAL = 4096;

  private byte[] bytes = new byte[BYTE_COUNT_INITIAL];
  private int byteCount;
  private int eventCount;
  private long firstMillis;
  private long lastMillis;

  /**
   * Adds an event.
   *
   * @throws IllegalArgumentException if it is older than the one before
   */
  public void add(long epochMillis, boolean stderr, byte[] message, int from, int length) {
    if (eventCount == 0) {
      firstMillis = epochMillis;
      lastMillis = epochMillis;
    }
    if (epochMillis < lastMillis) {
      throw new IllegalArgumentException("an event is older than the one before");
    }
    makeRoom(length + OVERHEAD_BYTE_COUNT_MAX);
    number(epochMillis - lastMillis);
    number(2L * length + (stderr ? 1 : 0));
    System.arraycopy(message, from, bytes, byteCount, length);
    byteCount += length;
    lastMillis = epochMillis;
    eventCount++;
  }

  private void makeRoom(int more) {
    if (bytes.length - byteCount < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, byteCount + more));
    }
  }

  private void number(long value) {
    long rest = value;
    while (rest >= 0x80) {
      bytes[byteCount++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[byteCount++] = (byte) rest;
  }

  public int eventCount() {
    return eventCount;
  }

  public int byteCount() {
    return byteCount;
  }

  public long lastMillis() {
    return lastMillis;
  }

  /** How the bytes are made smaller. */
  @FunctionalInterface
  public interface Compression {
    byte[] compress(byte[] bytes, int byteCount);
  }

  /** What was added so far, as a block. */
  public EventBlock block(Compression compression) {
    return new EventBlock(
        eventCount, firstMillis, lastMillis, byteCount, compression.compress(bytes, byteCount));
  }

  /** Begins anew, with the memory that it has. */
  public void clear() {
    byteCount = 0;
    eventCount = 0;
  }
}
