package dev.berth.logs.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Where blocks go that are being sealed. A journal has fewer than an index takes. */
final class SegmentWriter implements AutoCloseable {
  private final Path path;
  private final Path unfinished;
  private final long number;
  private final FileChannel channel;
  private final List<BlockPlace> places = new ArrayList<>();
  private long offset;

  SegmentWriter(Path path, long number) throws IOException {
    this.path = path;
    this.number = number;
    this.unfinished = path.resolveSibling(path.getFileName() + ".new");
    this.channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  void add(BlockRecord record) throws IOException {
    byte[] body = record.encoded();
    places.add(BlockPlace.of(path, offset, body.length, record));
    write(body);
  }

  private void write(byte[] body) throws IOException {
    var buffers = new ByteBuffer[] {RecordFile.head(body, 0), ByteBuffer.wrap(body)};
    while (buffers[0].hasRemaining() || buffers[1].hasRemaining()) {
      offset += channel.write(buffers);
    }
  }

  /** Finishes the file: it is there as a whole when this returns, or not at all. */
  SealedSegment finish() throws IOException {
    long indexOffset = offset;
    byte[] index = SealedSegment.index(places);
    write(index);
    long first = places.stream().mapToLong(BlockPlace::firstMillis).min().orElseThrow();
    long last = places.stream().mapToLong(BlockPlace::lastMillis).max().orElseThrow();
    var tail = ByteBuffer.allocate(SealedSegment.TAIL_BYTE_COUNT);
    tail.putLong(first)
        .putLong(last)
        .putLong(indexOffset)
        .putInt(index.length)
        .putLong(SealedSegment.MARK)
        .flip();
    while (tail.hasRemaining()) {
      channel.write(tail);
    }
    channel.force(true);
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    Layout.sync(path.resolveSibling("."));
    return new SealedSegment(path, number, first, last, indexOffset, index.length);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
