package dev.berth.agent.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * Goes over conmon's {@code k8s-file} format without making an object a line, for those who read
 * all of a container's output; see {@link ConmonOutput}.
 */
public final class ConmonScan {
  /** As conmon writes times: {@code 2026-01-02T03:04:05.678901234+00:00}. */
  private static final int TIME_LENGTH = 35;

  private static final int SECONDS_LENGTH = 19;
  private static final int ZONE_AT = 29;
  private static final int MILLIS_AT = 20;

  /** {@code stdout} or {@code stderr}, and {@code F} or {@code P}, with the spaces before them. */
  private static final int HEAD_LENGTH = TIME_LENGTH + 9;

  private static final int STREAM_AT = TIME_LENGTH + 1;
  private static final int TAG_AT = STREAM_AT + 7;

  private final byte[] knownTime = new byte[TIME_LENGTH];
  private long knownMillis;

  /** Is told of each line, or part of one. */
  @FunctionalInterface
  public interface Sink {
    /**
     * The next line, or the next part of it.
     *
     * @param partial the line goes on
     * @param first where its bytes begin
     * @param start where the whole line begins, with its head
     * @param end where the next line begins
     */
    void line(
        long epochMillis,
        boolean stderr,
        boolean partial,
        int first,
        int length,
        int start,
        int end);
  }

  /** Tells of all whole lines; returns how many bytes they are. */
  public int scan(byte[] bytes, int byteCount, Sink sink) throws IOException {
    int start = 0;
    for (int i = 0; i < byteCount; i++) {
      if (bytes[i] == '\n') {
        line(bytes, start, i, sink);
        start = i + 1;
      }
    }
    return start;
  }

  private void line(byte[] bytes, int start, int end, Sink sink) throws IOException {
    if (end - start < HEAD_LENGTH
        || bytes[start + TIME_LENGTH] != ' '
        || bytes[start + TAG_AT - 1] != ' ') {
      throw new IOException("a line is not in conmon's format");
    }
    int first = Math.min(end, start + TAG_AT + 2);
    sink.line(
        millis(bytes, start),
        bytes[start + STREAM_AT + 3] == 'e',
        bytes[start + TAG_AT] == 'P',
        first,
        end - first,
        start,
        end + 1);
  }

  /** Many lines are of one second: only its digits behind the point are read anew. */
  private long millis(byte[] bytes, int start) throws IOException {
    boolean known =
        Arrays.equals(bytes, start, start + SECONDS_LENGTH, knownTime, 0, SECONDS_LENGTH)
            && Arrays.equals(
                bytes, start + ZONE_AT, start + TIME_LENGTH, knownTime, ZONE_AT, TIME_LENGTH);
    if (!known) {
      try {
        var text = new String(bytes, start, TIME_LENGTH, StandardCharsets.US_ASCII);
        knownMillis = OffsetDateTime.parse(text).toEpochSecond() * 1_000;
        System.arraycopy(bytes, start, knownTime, 0, TIME_LENGTH);
      } catch (DateTimeException e) {
        throw new IOException("a line has no time in conmon's format", e);
      }
    }
    int at = start + MILLIS_AT;
    return knownMillis
        + digit(bytes[at]) * 100L
        + digit(bytes[at + 1]) * 10L
        + digit(bytes[at + 2]);
  }

  private static int digit(byte character) {
    return character - '0';
  }
}
