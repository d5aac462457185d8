package dev.berth.logs.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A finished file of one group's blocks, each stream's in the order of their numbers. After the
 * blocks come the index, which is one record, and the tail, which says where that is.
 */
record SealedSegment(
    Path path, long number, long firstMillis, long lastMillis, long indexOffset, int indexLength) {
  static final long MARK = 0x4252_5448_5345_4731L; // BRTHSEG1
  static final int TAIL_BYTE_COUNT = 36;
  static final int ENTRY_BYTE_COUNT = 60;

  /** Reads the tail of a file. */
  static SealedSegment open(Path path, long number) throws IOException {
    try (var channel = FileChannel.open(path)) {
      long size = channel.size();
      if (size < TAIL_BYTE_COUNT) {
        throw new IOException(path + " is too short for a segment");
      }
      var tail = ByteBuffer.allocate(TAIL_BYTE_COUNT);
      while (tail.hasRemaining()) {
        if (channel.read(tail, size - TAIL_BYTE_COUNT + tail.position()) < 0) {
          throw new IOException(path + " ends too early");
        }
      }
      tail.flip();
      var segment =
          new SealedSegment(
              path, number, tail.getLong(), tail.getLong(), tail.getLong(), tail.getInt());
      if (tail.getLong() != MARK) {
        throw new IOException(path + " is no segment");
      }
      return segment;
    }
  }

  static byte[] index(List<BlockPlace> places) {
    var bytes = ByteBuffer.allocate(places.size() * ENTRY_BYTE_COUNT);
    for (var place : places) {
      bytes
          .putLong(place.offset())
          .putInt(place.bodyByteCount())
          .putLong(place.stream())
          .putLong(place.firstSequence())
          .putInt(place.eventCount())
          .putLong(place.firstMillis())
          .putLong(place.lastMillis())
          .putInt(place.rawByteCount())
          .putLong(place.storedByteCount());
    }
    return bytes.array();
  }

  /** The blocks, in the order of their streams and numbers. */
  List<BlockPlace> places() throws IOException {
    try (var channel = FileChannel.open(path)) {
      var bytes = RecordFile.read(channel, indexOffset, indexLength);
      var places = new ArrayList<BlockPlace>(indexLength / ENTRY_BYTE_COUNT);
      while (bytes.hasRemaining()) {
        places.add(
            new BlockPlace(
                path,
                bytes.getLong(),
                bytes.getInt(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getInt(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getInt(),
                bytes.getLong()));
      }
      return places;
    }
  }

  boolean overlaps(long fromMillis, long untilMillis) {
    return lastMillis >= fromMillis && firstMillis < untilMillis;
  }
}
