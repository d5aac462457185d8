package dev.berth.logs.segment;

import dev.berth.logs.LogStream;
import dev.berth.logs.StreamId;
import java.util.Optional;

/** A stream in memory; guarded by the lock of {@link Contents}. */
final class StreamState {
  final long ordinal;
  final StreamId id;
  final GroupState group;
  final long createdMillis;
  long nextSequence;
  long storedByteCount;
  Optional<LogStream.SourceProgress> source = Optional.empty();
  Optional<LogStream.Extent> extent = Optional.empty();

  StreamState(long ordinal, StreamId id, GroupState group, long createdMillis) {
    this.ordinal = ordinal;
    this.id = id;
    this.group = group;
    this.createdMillis = createdMillis;
  }

  /** Takes a durable block into account; one that was, is not again. */
  void note(BlockRecord record) {
    if (record.firstSequence() < nextSequence) {
      return;
    }
    record.source().ifPresent(progress -> source = Optional.of(progress));
    nextSequence = record.endSequence();
    storedByteCount += record.storedByteCount();
    if (!record.block().isEmpty()) {
      long first = record.block().firstMillis();
      long last = record.block().lastMillis();
      long ingested = record.arrivals().getLast().ingestedMillis();
      extent =
          Optional.of(
              extent
                  .map(
                      known ->
                          new LogStream.Extent(
                              Math.min(known.firstMillis(), first),
                              Math.max(known.lastMillis(), last),
                              ingested))
                  .orElseGet(() -> new LogStream.Extent(first, last, ingested)));
    }
  }

  LogStream shown() {
    return new LogStream(id, createdMillis, extent, source, storedByteCount);
  }
}
