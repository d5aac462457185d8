package dev.berth.logs.segment;

import dev.berth.logs.Blocks;
import dev.berth.logs.EventPosition;
import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** Reads one stream in the order of its arrivals. */
final class ArrivalReading {
  private final StreamId id;
  private final long sequenceMin;
  private final int eventCountMax;
  private final List<StoredEvent> events = new ArrayList<>();

  ArrivalReading(StreamId id, long sequenceMin, int eventCountMax) {
    this.id = id;
    this.sequenceMin = sequenceMin;
    this.eventCountMax = eventCountMax;
  }

  List<StoredEvent> of(Contents.Arrivals arrivals) throws IOException {
    var places = new ArrayList<BlockPlace>();
    for (var segment : arrivals.segments()) {
      segment.places().stream()
          .filter(place -> place.stream() == arrivals.stream())
          .filter(place -> place.endSequence() > sequenceMin)
          .forEach(places::add);
    }
    places.addAll(arrivals.places());
    for (var place : places) {
      if (events.size() >= eventCountMax) {
        break;
      }
      read(place);
    }
    return events;
  }

  private void read(BlockPlace place) throws IOException {
    try (var file = FileChannel.open(place.file())) {
      var record =
          BlockRecord.decoded(RecordFile.read(file, place.offset(), place.bodyByteCount()));
      var reader = Blocks.reader(record.block());
      var arrivals = new ArrivalCursor(record.arrivals());
      for (long sequence = place.firstSequence();
          events.size() < eventCountMax && reader.next();
          sequence++) {
        long ingestedMillis = arrivals.next();
        if (sequence >= sequenceMin) {
          var position = new EventPosition(reader.epochMillis(), place.stream(), sequence);
          events.add(
              new StoredEvent(id, position, ingestedMillis, reader.isStderr(), reader.message()));
        }
      }
    }
  }
}
