package dev.berth.agent.logs;

import dev.berth.agent.runtime.ConmonScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Looks for lines in a container's output, for who gives some of them up. */
final class OutputLines {
  private static final int PIECE_BYTE_COUNT = 256 << 10;

  private final FileChannel file;
  private final byte[] piece = new byte[PIECE_BYTE_COUNT];

  OutputLines(FileChannel file) {
    this.file = file;
  }

  /** Where the first line begins that begins behind an offset; negative where none does yet. */
  long startBehind(long offset, long size) throws IOException {
    long at = offset;
    while (at < size) {
      int count = read(at, size);
      for (int i = 0; i < count; i++) {
        if (piece[i] == '\n') {
          return at + i + 1;
        }
      }
      if (count == 0) {
        break;
      }
      at += count;
    }
    return -1;
  }

  /** How many lines end between two offsets at which a line begins. */
  long count(long from, long until) throws IOException {
    var scan = new ConmonScan();
    long[] ended = {0};
    long at = from;
    while (at < until) {
      int count =
          scan.scan(
              piece, read(at, until), (_, _, partial, _, _, _, _) -> ended[0] += partial ? 0 : 1);
      if (count == 0) {
        break;
      }
      at += count;
    }
    return ended[0];
  }

  private int read(long at, long end) throws IOException {
    var buffer = ByteBuffer.wrap(piece, 0, (int) Math.min(PIECE_BYTE_COUNT, end - at));
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) > 0) {
      // A file may give less than there is room for.
    }
    return buffer.position();
  }
}
