package dev.berth.logs;

import java.util.Optional;

/**
 * A stream as it stands.
 *
 * @param events absent while it has none
 * @param source how far the file behind it was read, where there is one
 */
public record LogStream(
    StreamId id,
    long createdMillis,
    Optional<Extent> events,
    Optional<SourceProgress> source,
    long storedByteCount) {

  /** The earliest and the latest event, and when the newest arrived. */
  public record Extent(long firstMillis, long lastMillis, long lastIngestedMillis) {}

  /**
   * How far a source was read.
   *
   * @param complete its end was reached
   */
  public record SourceProgress(long offset, boolean complete) {}
}
