package dev.berth.logs.segment;

import dev.berth.logs.LogStream.SourceProgress;
import dev.berth.model.log.EventBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A block as it lies in a file.
 *
 * @param stream the stream's number
 * @param firstSequence the first event's number in its stream
 * @param arrivals of the block's events, in their order
 * @param source how far the source behind the stream was read with this block
 */
record BlockRecord(
    long stream,
    long firstSequence,
    List<Arrival> arrivals,
    Optional<SourceProgress> source,
    long storedByteCount,
    EventBlock block) {
  private static final int FIXED_BYTE_COUNT = 68;
  private static final int ARRIVAL_BYTE_COUNT = 12;
  private static final long NO_SOURCE = -1;

  /** So many events arrived together. */
  record Arrival(int eventCount, long ingestedMillis) {}

  BlockRecord {
    arrivals = List.copyOf(arrivals);
  }

  long endSequence() {
    return firstSequence + block.eventCount();
  }

  byte[] encoded() {
    byte[] compressed = block.compressed();
    var bytes =
        ByteBuffer.allocate(
            FIXED_BYTE_COUNT + arrivals.size() * ARRIVAL_BYTE_COUNT + compressed.length);
    bytes
        .putLong(stream)
        .putLong(firstSequence)
        .putLong(source.map(SourceProgress::offset).orElse(NO_SOURCE))
        .putInt(source.map(SourceProgress::complete).orElse(false) ? 1 : 0)
        .putLong(storedByteCount)
        .putInt(block.eventCount())
        .putLong(block.firstMillis())
        .putLong(block.lastMillis())
        .putInt(block.rawByteCount())
        .putInt(arrivals.size())
        .putInt(compressed.length);
    arrivals.forEach(each -> bytes.putInt(each.eventCount()).putLong(each.ingestedMillis()));
    return bytes.put(compressed).array();
  }

  static BlockRecord decoded(ByteBuffer body) {
    var bytes = body.duplicate();
    long stream = bytes.getLong();
    long firstSequence = bytes.getLong();
    long offset = bytes.getLong();
    boolean complete = bytes.getInt() == 1;
    long storedByteCount = bytes.getLong();
    int eventCount = bytes.getInt();
    long firstMillis = bytes.getLong();
    long lastMillis = bytes.getLong();
    int rawByteCount = bytes.getInt();
    int arrivalCount = bytes.getInt();
    byte[] compressed = new byte[bytes.getInt()];
    var arrivals = new ArrayList<Arrival>(arrivalCount);
    for (int i = 0; i < arrivalCount; i++) {
      arrivals.add(new Arrival(bytes.getInt(), bytes.getLong()));
    }
    bytes.get(compressed);
    return new BlockRecord(
        stream,
        firstSequence,
        arrivals,
        offset == NO_SOURCE ? Optional.empty() : Optional.of(new SourceProgress(offset, complete)),
        storedByteCount,
        new EventBlock(eventCount, firstMillis, lastMillis, rawByteCount, compressed));
  }
}
