package dev.berth.logs.segment;

import dev.berth.logs.LogStoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of records that only grows. Each has a head: a mark, the checksum of what follows, the
 * body's length, and how long the file was when it was last synced.
 */
final class RecordFile implements AutoCloseable {
  static final int HEAD_BYTE_COUNT = 20;
  static final int BODY_BYTE_COUNT_MAX = 8 << 20;

  private static final int MARK = 0x4252_4c47; // BRLG
  private static final int SUM_AT = 4;
  private static final int LENGTH_AT = 8;
  private static final int SYNCED_AT = 12;
  private static final Logger LOG = LoggerFactory.getLogger(RecordFile.class);

  private final Path path;
  private final FileChannel channel;
  private long byteCount;

  private RecordFile(Path path, FileChannel channel, long byteCount) {
    this.path = path;
    this.channel = channel;
    this.byteCount = byteCount;
  }

  /** Is told of each record. */
  @FunctionalInterface
  interface Visitor {
    void record(long offset, ByteBuffer body);
  }

  /** Opens the file, or makes it; reads what is in it, and cuts off a torn tail. */
  static RecordFile open(Path path, Visitor visitor) throws IOException {
    var channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      long end = scan(path, channel, visitor);
      if (end < channel.size()) {
        LOG.atWarn()
            .addKeyValue("file", path)
            .addKeyValue("bytes", channel.size() - end)
            .log("a torn tail was cut off");
        channel.truncate(end);
        channel.force(true);
      }
      channel.position(end);
      return new RecordFile(path, channel, end);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static long scan(Path path, FileChannel channel, Visitor visitor) throws IOException {
    long size = channel.size();
    if (size > Integer.MAX_VALUE) {
      throw new LogStoreException(path + " is larger than any file of a log store");
    }
    try (var arena = Arena.ofConfined()) {
      var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
      int offset = 0;
      while (offset < size) {
        if (isRecord(bytes, offset)) {
          int length = bytes.getInt(offset + LENGTH_AT);
          visitor.record(offset, bytes.slice(offset + HEAD_BYTE_COUNT, length));
          offset += HEAD_BYTE_COUNT + length;
          continue;
        }
        int next = afterDamage(bytes, offset);
        if (next < 0) {
          return offset;
        }
        LOG.atError()
            .addKeyValue("file", path)
            .addKeyValue("offset", offset)
            .addKeyValue("bytes", next - offset)
            .log("a log file is damaged: what was there is lost");
        offset = next;
      }
      return offset;
    }
  }

  private static boolean isRecord(ByteBuffer bytes, int offset) {
    if (bytes.limit() - offset < HEAD_BYTE_COUNT || bytes.getInt(offset) != MARK) {
      return false;
    }
    int length = bytes.getInt(offset + LENGTH_AT);
    if (length < 0
        || length > BODY_BYTE_COUNT_MAX
        || length > bytes.limit() - offset - HEAD_BYTE_COUNT) {
      return false;
    }
    int checked = HEAD_BYTE_COUNT - LENGTH_AT + length;
    return bytes.getInt(offset + SUM_AT) == sum(bytes.slice(offset + LENGTH_AT, checked));
  }

  /**
   * The next record that says that the file was synced beyond this offset; -1 if there is none, and
   * so nobody was promised what follows.
   */
  private static int afterDamage(ByteBuffer bytes, int from) {
    for (int offset = from + 1; offset <= bytes.limit() - HEAD_BYTE_COUNT; offset++) {
      if (bytes.getInt(offset) == MARK
          && bytes.getLong(offset + SYNCED_AT) > from
          && isRecord(bytes, offset)) {
        return offset;
      }
    }
    return -1;
  }

  private static int sum(ByteBuffer bytes) {
    var sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  Path path() {
    return path;
  }

  long byteCount() {
    return byteCount;
  }

  /** Adds records and syncs once. Returns the first one's offset. */
  long append(List<byte[]> bodies) throws IOException {
    long first = byteCount;
    var buffers = new ByteBuffer[bodies.size() * 2];
    long length = 0;
    for (int i = 0; i < bodies.size(); i++) {
      byte[] body = bodies.get(i);
      buffers[2 * i] = head(body, first);
      buffers[2 * i + 1] = ByteBuffer.wrap(body);
      length += HEAD_BYTE_COUNT + body.length;
    }
    long written = 0;
    int from = 0;
    while (written < length) {
      while (!buffers[from].hasRemaining()) {
        from++;
      }
      written += channel.write(buffers, from, buffers.length - from);
    }
    channel.force(false);
    byteCount += length;
    return first;
  }

  static ByteBuffer head(byte[] body, long syncedByteCount) {
    var head = ByteBuffer.allocate(HEAD_BYTE_COUNT);
    head.putInt(MARK).putInt(0).putInt(body.length).putLong(syncedByteCount);
    var sum = new CRC32C();
    sum.update(head.array(), LENGTH_AT, HEAD_BYTE_COUNT - LENGTH_AT);
    sum.update(body, 0, body.length);
    return head.putInt(SUM_AT, (int) sum.getValue()).flip();
  }

  /** Reads one record's body and checks it. */
  static ByteBuffer read(FileChannel channel, long offset, int bodyByteCount) throws IOException {
    var bytes = ByteBuffer.allocate(HEAD_BYTE_COUNT + bodyByteCount);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("the file ends before offset " + (offset + bytes.limit()));
      }
    }
    bytes.flip();
    if (!isRecord(bytes, 0)) {
      throw new IOException("the record at offset " + offset + " is damaged");
    }
    return bytes.slice(HEAD_BYTE_COUNT, bodyByteCount);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
