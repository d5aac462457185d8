package dev.berth.agent.logs;

import com.github.luben.zstd.Zstd;
import com.google.re2j.Pattern;
import dev.berth.model.log.EventBlock;
import dev.berth.model.log.EventWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes events of lines: parts of a line are joined, and, where a pattern says how an event begins,
 * lines too. Empty events are left out, as CloudWatch has none.
 *
 * <p>No clock and no I/O. A block ends where an event ends, so that the next one can begin there in
 * another life.
 */
final class EventAssembler {
  /** CloudWatch's limit for one event less what it counts beside the message. */
  static final int EVENT_BYTE_COUNT_MAX = 256 * 1024 - 26;

  private static final int LEVEL = 1;

  private final Optional<Pattern> eventStart;
  private final EventWriter events = new EventWriter();
  private byte[] open = new byte[1024];
  private int openByteCount;
  private boolean isOpen;
  private boolean openStderr;
  private long openMillis;
  private boolean lineIsOpen;
  private long lastMillis = Long.MIN_VALUE;
  private long boundary;

  EventAssembler(Optional<String> eventStart) {
    this.eventStart = eventStart.map(Pattern::compile);
  }

  /** Begins anew at that offset of the source. */
  void restart(long offset) {
    events.clear();
    isOpen = false;
    lineIsOpen = false;
    openByteCount = 0;
    boundary = offset;
  }

  /**
   * Takes a line, or a part of one.
   *
   * @param partial the line goes on
   * @param from where the line begins in the source
   * @param end where the next one begins
   */
  void line(
      long epochMillis,
      boolean stderr,
      boolean partial,
      byte[] bytes,
      int first,
      int length,
      long from,
      long end) {
    boolean full = openByteCount + 1 + length > EVENT_BYTE_COUNT_MAX;
    if (isOpen && (full || begins(stderr, bytes, first, length))) {
      endEvent(from);
    }
    if (!isOpen && !partial && eventStart.isEmpty() && length <= EVENT_BYTE_COUNT_MAX) {
      write(epochMillis, stderr, bytes, first, length); // Most lines.
      boundary = end;
      return;
    }
    if (!isOpen) {
      isOpen = true;
      openMillis = epochMillis;
      openStderr = stderr;
    } else if (!lineIsOpen) {
      append(new byte[] {'\n'}, 0, 1);
    }
    append(bytes, first, length);
    lineIsOpen = partial;
    if ((!partial && eventStart.isEmpty()) || length > EVENT_BYTE_COUNT_MAX) {
      endEvent(end);
    }
  }

  private boolean begins(boolean stderr, byte[] bytes, int first, int length) {
    if (lineIsOpen) {
      return stderr != openStderr;
    }
    return eventStart
        .map(
            pattern ->
                pattern.matcher(new String(bytes, first, length, StandardCharsets.UTF_8)).find())
        .orElse(true);
  }

  private void append(byte[] bytes, int first, int length) {
    int from = first;
    int rest = length;
    while (rest > 0) {
      int part = Math.min(rest, EVENT_BYTE_COUNT_MAX - openByteCount);
      if (open.length - openByteCount < part) {
        open = Arrays.copyOf(open, Math.max(open.length * 2, openByteCount + part));
      }
      System.arraycopy(bytes, from, open, openByteCount, part);
      openByteCount += part;
      from += part;
      rest -= part;
      if (openByteCount == EVENT_BYTE_COUNT_MAX) {
        write(openMillis, openStderr, open, 0, openByteCount);
        openByteCount = 0;
      }
    }
  }

  private void endEvent(long offset) {
    write(openMillis, openStderr, open, 0, openByteCount);
    openByteCount = 0;
    isOpen = false;
    lineIsOpen = false;
    boundary = offset;
  }

  private void write(long epochMillis, boolean stderr, byte[] bytes, int first, int length) {
    if (length > 0) {
      lastMillis = Math.max(lastMillis, epochMillis); // A clock may be set back.
      events.add(lastMillis, stderr, bytes, first, length);
    }
  }

  /** Ends the event that waits for more; the source was read up to there. */
  void endOpen(long offset) {
    if (isOpen) {
      endEvent(offset);
    } else {
      boundary = offset;
    }
  }

  boolean isOpen() {
    return isOpen;
  }

  /** Up to there, all of the source is in complete events. */
  long boundary() {
    return boundary;
  }

  boolean hasEvents() {
    return events.eventCount() > 0;
  }

  /** The complete events so far, which are given once. */
  EventBlock take() {
    if (!hasEvents()) {
      return EventBlock.EMPTY;
    }
    var block =
        events.block(
            (bytes, count) -> {
              byte[] room = new byte[(int) Zstd.compressBound(count)];
              long length = Zstd.compressByteArray(room, 0, room.length, bytes, 0, count, LEVEL);
              if (Zstd.isError(length)) {
                throw new IllegalStateException("compressing failed: " + Zstd.getErrorName(length));
              }
              return Arrays.copyOf(room, (int) length);
            });
    events.clear();
    return block;
  }
}
