package dev.berth.logs.segment;

import dev.berth.logs.EventPage;
import dev.berth.logs.EventPosition;
import dev.berth.logs.ReadQuery.Direction;
import dev.berth.logs.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** The nearest events of a reading, of those that were seen: never more than one page of them. */
final class BestEvents {
  private final int eventCountMax;
  private final Comparator<EventPosition> order;
  private final TreeMap<EventPosition, StoredEvent> events;
  private long byteCount;
  private boolean overflowed;

  BestEvents(int eventCountMax, Direction direction) {
    this.eventCountMax = eventCountMax;
    this.order =
        switch (direction) {
          case FROM_OLDEST -> Comparator.naturalOrder();
          case FROM_NEWEST -> Comparator.reverseOrder();
        };
    this.events = new TreeMap<>(order);
  }

  /** Whether an event would not be kept, so that its message need not be looked at. */
  boolean isTooFar(EventPosition position) {
    return overflowed && order.compare(position, events.lastKey()) > 0;
  }

  void add(StoredEvent event) {
    events.put(event.position(), event);
    byteCount += length(event);
    while (events.size() > eventCountMax
        || (byteCount > EventPage.BYTE_COUNT_MAX && events.size() > 1)) {
      byteCount -= length(events.pollLastEntry().getValue());
      overflowed = true;
    }
  }

  private static long length(StoredEvent event) {
    return event.message().getBytes(StandardCharsets.UTF_8).length;
  }

  /** Whether events were seen that did not fit. */
  boolean hasOverflowed() {
    return overflowed;
  }

  /** The farthest of those that are kept. */
  EventPosition last() {
    return events.lastKey();
  }

  /** In the order of the reading. */
  List<StoredEvent> events() {
    return new ArrayList<>(events.values());
  }
}
