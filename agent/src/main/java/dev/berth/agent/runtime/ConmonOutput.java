package dev.berth.agent.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads conmon's {@code k8s-file} format: a time, the stream, F or P (whole or partial), and the
 * bytes as they were written, each separated by one space; one line each.
 */
public final class ConmonOutput implements OutputReader {
  /** Time, stream and tag, with their spaces. */
  private static final int HEAD_BYTE_COUNT_MAX = 64;

  /** conmon ends a line of its own after as many bytes as it reads at once, far below this. */
  private static final int LINE_BYTE_COUNT_MAX = 256 * 1024;

  @Override
  public Page read(Path outputFile, long offset, int byteCountMax) throws IOException {
    // A line is never cut: one that is longer than asked for is given whole.
    int byteCount = byteCountMax;
    while (true) {
      var bytes = readAt(outputFile, offset, byteCount);
      var page = parse(bytes, offset);
      if (!page.lines().isEmpty() || bytes.remaining() < byteCount) {
        return page;
      }
      if (byteCount >= LINE_BYTE_COUNT_MAX) {
        throw new IOException(outputFile + " has no end of line after offset " + offset);
      }
      byteCount = Math.min(LINE_BYTE_COUNT_MAX, byteCount * 2);
    }
  }

  /** When the first line was written. */
  Optional<Instant> firstAt(Path outputFile) throws IOException {
    var head = StandardCharsets.US_ASCII.decode(readAt(outputFile, 0, HEAD_BYTE_COUNT_MAX));
    int end = head.toString().indexOf(' ');
    return end < 0
        ? Optional.empty()
        : Optional.of(OffsetDateTime.parse(head.toString().substring(0, end)).toInstant());
  }

  private static ByteBuffer readAt(Path file, long offset, int byteCountMax) throws IOException {
    try (var channel = FileChannel.open(file)) {
      var buffer = ByteBuffer.allocate(Math.clamp(channel.size() - offset, 0, byteCountMax));
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
        // A file may give less than there is room for.
      }
      return buffer.flip();
    }
  }

  private static Page parse(ByteBuffer bytes, long offset) throws IOException {
    var lines = new ArrayList<Line>();
    int start = 0;
    for (int i = 0; i < bytes.limit(); i++) {
      if (bytes.get(i) == '\n') {
        lines.add(line(bytes.slice(start, i - start), offset + start));
        start = i + 1;
      }
    }
    return new Page(List.copyOf(lines), offset + start);
  }

  private static Line line(ByteBuffer line, long offset) throws IOException {
    int afterTime = space(line, 0, offset) + 1;
    int afterStream = space(line, afterTime, offset) + 1;
    int afterTag = space(line, afterStream, offset) + 1;
    var stream =
        switch (text(line, afterTime, afterStream - 1)) {
          case "stdout" -> Stream.STDOUT;
          case "stderr" -> Stream.STDERR;
          default -> throw malformed(offset);
        };
    return new Line(
        OffsetDateTime.parse(text(line, 0, afterTime - 1)).toInstant(),
        stream,
        line.slice(afterTag, line.limit() - afterTag).asReadOnlyBuffer(),
        text(line, afterStream, afterTag - 1).equals("P"));
  }

  private static int space(ByteBuffer line, int from, long offset) throws IOException {
    for (int i = from; i < Math.min(line.limit(), HEAD_BYTE_COUNT_MAX); i++) {
      if (line.get(i) == ' ') {
        return i;
      }
    }
    throw malformed(offset);
  }

  private static IOException malformed(long offset) {
    return new IOException("the line at offset " + offset + " is not in conmon's format");
  }

  private static String text(ByteBuffer line, int from, int to) {
    return StandardCharsets.US_ASCII.decode(line.slice(from, to - from)).toString();
  }
}
