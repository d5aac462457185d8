package dev.berth.logs.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of blocks in the order of their arrival, with an index in memory. The index is guarded by
 * the lock of {@link Contents}; the file is written by the committer alone.
 */
final class Journal {
  /** Sealed beyond that. */
  static final long BYTE_COUNT_MAX = 64L << 20;

  /** Bounds the index. */
  static final int BLOCK_COUNT_MAX = 1 << 16;

  final long number;
  private final RecordFile file;
  private final Map<Long, List<BlockPlace>> index = new HashMap<>();
  private int blockCount;

  private Journal(long number, RecordFile file) {
    this.number = number;
    this.file = file;
  }

  /** Is told of each block that is in the file. */
  @FunctionalInterface
  interface Found {
    void block(BlockRecord record);
  }

  static Journal open(Path path, long number, Found found) throws IOException {
    var places = new ArrayList<BlockPlace>();
    var file =
        RecordFile.open(
            path,
            (offset, body) -> {
              int bodyByteCount = body.remaining();
              var record = BlockRecord.decoded(body);
              found.block(record);
              places.add(BlockPlace.of(path, offset, bodyByteCount, record));
            });
    var journal = new Journal(number, file);
    places.forEach(journal::add);
    return journal;
  }

  Path path() {
    return file.path();
  }

  boolean isFull() {
    return file.byteCount() >= BYTE_COUNT_MAX || blockCount >= BLOCK_COUNT_MAX;
  }

  /** Writes and syncs; the places are not in the index yet. */
  List<BlockPlace> append(List<BlockRecord> records) throws IOException {
    var bodies = records.stream().map(BlockRecord::encoded).toList();
    long offset = file.append(bodies);
    var places = new ArrayList<BlockPlace>(records.size());
    for (int i = 0; i < records.size(); i++) {
      int length = bodies.get(i).length;
      places.add(BlockPlace.of(file.path(), offset, length, records.get(i)));
      offset += RecordFile.HEAD_BYTE_COUNT + length;
    }
    return places;
  }

  void add(BlockPlace place) {
    index.computeIfAbsent(place.stream(), _ -> new ArrayList<>()).add(place);
    blockCount++;
  }

  List<BlockPlace> places(long stream) {
    return index.getOrDefault(stream, List.of());
  }

  Iterable<Long> streams() {
    return index.keySet();
  }

  void close() throws IOException {
    file.close();
  }
}
