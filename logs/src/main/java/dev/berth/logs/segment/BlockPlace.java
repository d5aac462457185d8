package dev.berth.logs.segment;

import java.nio.file.Path;

/** Where a block lies, and what a reading must know before it reads it. */
record BlockPlace(
    Path file,
    long offset,
    int bodyByteCount,
    long stream,
    long firstSequence,
    int eventCount,
    long firstMillis,
    long lastMillis,
    int rawByteCount,
    long storedByteCount) {

  static BlockPlace of(Path file, long offset, int bodyByteCount, BlockRecord record) {
    var block = record.block();
    return new BlockPlace(
        file,
        offset,
        bodyByteCount,
        record.stream(),
        record.firstSequence(),
        block.eventCount(),
        block.firstMillis(),
        block.lastMillis(),
        block.rawByteCount(),
        record.storedByteCount());
  }

  long endSequence() {
    return firstSequence + eventCount;
  }

  boolean overlaps(long fromMillis, long untilMillis) {
    return eventCount > 0 && lastMillis >= fromMillis && firstMillis < untilMillis;
  }
}
