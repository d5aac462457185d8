package dev.berth.logs;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which events of a group to read.
 *
 * @param streams by name
 * @param fromMillis the earliest
 * @param untilMillis no event is that late
 * @param beyond read on after that event, in the direction
 * @param eventCountMax of the page
 * @param filter by message
 */
public record ReadQuery(
    GroupId group,
    Predicate<String> streams,
    long fromMillis,
    long untilMillis,
    Optional<EventPosition> beyond,
    Direction direction,
    int eventCountMax,
    Predicate<String> filter) {

  /** From where a page is filled; its events are always the oldest first. */
  public enum Direction {
    FROM_OLDEST,
    FROM_NEWEST
  }

  public ReadQuery {
    if (eventCountMax < 1) {
      throw new IllegalArgumentException("a page of no events");
    }
  }

  /** Everything of that group, from its oldest event. */
  public static ReadQuery of(GroupId group, int eventCountMax) {
    return new ReadQuery(
        group,
        _ -> true,
        0,
        Long.MAX_VALUE,
        Optional.empty(),
        Direction.FROM_OLDEST,
        eventCountMax,
        _ -> true);
  }

  public ReadQuery of(Predicate<String> chosen) {
    return new ReadQuery(
        group, chosen, fromMillis, untilMillis, beyond, direction, eventCountMax, filter);
  }

  public ReadQuery between(long from, long until) {
    return new ReadQuery(group, streams, from, until, beyond, direction, eventCountMax, filter);
  }

  public ReadQuery beyond(Optional<EventPosition> position) {
    return new ReadQuery(
        group, streams, fromMillis, untilMillis, position, direction, eventCountMax, filter);
  }

  public ReadQuery to(Direction other) {
    return new ReadQuery(
        group, streams, fromMillis, untilMillis, beyond, other, eventCountMax, filter);
  }

  public ReadQuery matching(Predicate<String> wanted) {
    return new ReadQuery(
        group, streams, fromMillis, untilMillis, beyond, direction, eventCountMax, wanted);
  }

  /** Whether an event is asked for, its message apart. */
  public boolean covers(EventPosition position) {
    if (position.epochMillis() < fromMillis || position.epochMillis() >= untilMillis) {
      return false;
    }
    if (beyond.isEmpty()) {
      return true;
    }
    int order = position.compareTo(beyond.get());
    return direction == Direction.FROM_OLDEST ? order > 0 : order < 0;
  }
}
