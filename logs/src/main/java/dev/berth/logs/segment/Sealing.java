package dev.berth.logs.segment;

import dev.berth.logs.Blocks;
import dev.berth.model.log.EventBlock;
import dev.berth.model.log.EventWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes one stream's blocks into a segment; small ones are joined and compressed better. */
final class Sealing implements AutoCloseable {
  /** A block that large is taken as it is. */
  static final int JOINED_BYTE_COUNT = 256 << 10;

  private static final int LEVEL = 3;

  private final FileChannel journal;
  private final SegmentWriter target;
  private final EventWriter joined = new EventWriter();
  private final List<BlockRecord> gathered = new ArrayList<>();

  Sealing(Journal journal, SegmentWriter target) throws IOException {
    this.journal = FileChannel.open(journal.path());
    this.target = target;
  }

  /** The blocks of one stream, in their order. */
  void add(List<BlockPlace> places) throws IOException {
    for (var place : places) {
      if (place.eventCount() > 0) {
        add(BlockRecord.decoded(RecordFile.read(journal, place.offset(), place.bodyByteCount())));
      }
    }
    flush();
  }

  private void add(BlockRecord record) throws IOException {
    if (!gathered.isEmpty() && !joins(record)) {
      flush();
    }
    if (record.block().rawByteCount() >= JOINED_BYTE_COUNT) {
      target.add(record);
      return;
    }
    gathered.add(record);
    var reader = Blocks.reader(record.block());
    while (reader.next()) {
      reader.copyTo(joined);
    }
  }

  private boolean joins(BlockRecord record) {
    return joined.byteCount() + record.block().rawByteCount() <= JOINED_BYTE_COUNT
        && record.block().firstMillis() >= joined.lastMillis()
        && record.firstSequence() == gathered.getLast().endSequence();
  }

  private void flush() throws IOException {
    if (gathered.isEmpty()) {
      return;
    }
    var first = gathered.getFirst();
    EventBlock block = joined.block((bytes, count) -> Blocks.compress(bytes, count, LEVEL));
    target.add(
        new BlockRecord(
            first.stream(),
            first.firstSequence(),
            gathered.stream().flatMap(each -> each.arrivals().stream()).toList(),
            Optional.empty(), // The catalog knows it by then.
            gathered.stream().mapToLong(BlockRecord::storedByteCount).sum(),
            block));
    gathered.clear();
    joined.clear();
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}
