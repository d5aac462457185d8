package dev.berth.logs;

/**
 * An event as it is stored.
 *
 * @param ingestedMillis when the store took it
 * @param stderr written to a container's standard error
 */
public record StoredEvent(
    StreamId stream, EventPosition position, long ingestedMillis, boolean stderr, String message) {
  public long epochMillis() {
    return position.epochMillis();
  }
}
