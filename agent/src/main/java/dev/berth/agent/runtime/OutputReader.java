package dev.berth.agent.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Reads a container's output as the monitor wrote it, from an offset on. */
public interface OutputReader {
  /** Which of the two streams a line was written to. */
  enum Stream {
    STDOUT,
    STDERR
  }

  /**
   * A piece of output.
   *
   * @param bytes read-only, without the line's end
   * @param partial the writer has not ended the line here
   */
  record Line(Instant at, Stream stream, ByteBuffer bytes, boolean partial) {}

  /** Lines, and the offset from which to go on. */
  record Page(List<Line> lines, long nextOffset) {}

  /** At most that many bytes of output from that offset; an empty page at the end. */
  Page read(Path outputFile, long offset, int byteCountMax) throws IOException;
}
