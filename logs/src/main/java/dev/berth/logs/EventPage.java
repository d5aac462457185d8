package dev.berth.logs;

import java.util.List;
import java.util.Optional;

/**
 * A piece of a reading.
 *
 * @param events the oldest first; there may be none although more follow
 * @param beyond from where to read on; absent once everything was read
 */
public record EventPage(List<StoredEvent> events, Optional<EventPosition> beyond) {
  /** Of one page's messages; one event may be larger. */
  public static final int BYTE_COUNT_MAX = 1 << 20;

  public EventPage {
    events = List.copyOf(events);
  }
}
