package dev.berth.logs.segment;

import dev.berth.logs.Blocks;
import dev.berth.logs.EventPage;
import dev.berth.logs.EventPosition;
import dev.berth.logs.ReadQuery;
import dev.berth.logs.ReadQuery.Direction;
import dev.berth.logs.StoredEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * One page of one query: goes over segments and blocks in the order of their nearest events, and
 * keeps the nearest that match. Ends when nothing nearer can follow, or when it has read enough for
 * one answer; then everything nearer than the next block is complete.
 */
final class Reading implements AutoCloseable {
  /** Unpacked bytes after which an answer is given, though it may be empty. */
  static final long SCAN_BYTE_COUNT = 128L << 20;

  private final ReadQuery query;
  private final Contents.View view;
  private final boolean forward;
  private final BestEvents best;
  private final PriorityQueue<Unit> units;
  private final Map<Path, FileChannel> files = new HashMap<>();
  private long scannedByteCount;

  /** A segment, or a block, by the time of its nearest event. */
  private sealed interface Unit {
    long nearestMillis();

    record OfSegment(SealedSegment segment, long nearestMillis) implements Unit {}

    record OfBlock(BlockPlace place, long nearestMillis) implements Unit {}
  }

  Reading(ReadQuery query, Contents.View view) {
    this.query = query;
    this.view = view;
    this.forward = query.direction() == Direction.FROM_OLDEST;
    this.best = new BestEvents(query.eventCountMax(), query.direction());
    Comparator<Unit> byTime = Comparator.comparingLong(Unit::nearestMillis);
    this.units = new PriorityQueue<>(forward ? byTime : byTime.reversed());
    for (var segment : view.segments()) {
      units.add(
          new Unit.OfSegment(segment, forward ? segment.firstMillis() : segment.lastMillis()));
    }
    view.places().forEach(this::add);
  }

  private void add(BlockPlace place) {
    units.add(new Unit.OfBlock(place, forward ? place.firstMillis() : place.lastMillis()));
  }

  EventPage page() throws IOException {
    for (var unit = units.poll(); unit != null; unit = units.poll()) {
      if (best.hasOverflowed() && isFarther(unit.nearestMillis(), best.last().epochMillis())) {
        break;
      }
      if (scannedByteCount > SCAN_BYTE_COUNT && isFarther(unit.nearestMillis(), startMillis())) {
        return until(unit.nearestMillis());
      }
      switch (unit) {
        case Unit.OfSegment(var segment, _) -> unfold(segment);
        case Unit.OfBlock(var place, _) -> read(place);
      }
    }
    var events = best.events();
    return new EventPage(
        forward ? events : events.reversed(),
        best.hasOverflowed() ? Optional.of(best.last()) : Optional.empty());
  }

  private boolean isFarther(long millis, long than) {
    return forward ? millis > than : millis < than;
  }

  private long startMillis() {
    return query
        .beyond()
        .map(EventPosition::epochMillis)
        .orElse(forward ? query.fromMillis() : query.untilMillis());
  }

  private void unfold(SealedSegment segment) throws IOException {
    for (var place : segment.places()) {
      if (view.streams().containsKey(place.stream())
          && place.overlaps(query.fromMillis(), query.untilMillis())
          && !isPassed(place)) {
        add(place);
      }
    }
  }

  /** Whether an earlier page has had all of it. */
  private boolean isPassed(BlockPlace place) {
    return query
        .beyond()
        .map(EventPosition::epochMillis)
        .map(millis -> forward ? place.lastMillis() < millis : place.firstMillis() > millis)
        .orElse(false);
  }

  private void read(BlockPlace place) throws IOException {
    var stream = view.streams().get(place.stream());
    if (stream == null || isPassed(place)) {
      return;
    }
    var record = BlockRecord.decoded(body(place));
    scannedByteCount += place.rawByteCount();
    var reader = Blocks.reader(record.block());
    var arrivals = new ArrivalCursor(record.arrivals());
    for (long sequence = place.firstSequence(); reader.next(); sequence++) {
      long ingestedMillis = arrivals.next();
      var position = new EventPosition(reader.epochMillis(), place.stream(), sequence);
      if (!query.covers(position) || best.isTooFar(position)) {
        continue;
      }
      var message = reader.message();
      if (query.filter().test(message)) {
        best.add(new StoredEvent(stream, position, ingestedMillis, reader.isStderr(), message));
      }
    }
  }

  private ByteBuffer body(BlockPlace place) throws IOException {
    var channel = files.get(place.file());
    if (channel == null) {
      channel = FileChannel.open(place.file());
      files.put(place.file(), channel);
    }
    return RecordFile.read(channel, place.offset(), place.bodyByteCount());
  }

  /** Everything nearer than that time was read. */
  private EventPage until(long millis) {
    List<StoredEvent> events =
        best.events().stream().filter(event -> isFarther(millis, event.epochMillis())).toList();
    var beyond = forward ? EventPosition.before(millis) : EventPosition.after(millis);
    return new EventPage(forward ? events : events.reversed(), Optional.of(beyond));
  }

  @Override
  public void close() throws IOException {
    for (var file : files.values()) {
      file.close();
    }
  }
}
