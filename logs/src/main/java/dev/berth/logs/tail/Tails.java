package dev.berth.logs.tail;

import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** All who look on at one store. */
public final class Tails {
  private final Set<LogTail> tails = ConcurrentHashMap.newKeySet();

  public LogTail open(Predicate<StreamId> wanted) {
    var tail = new LogTail(wanted, tails::remove);
    tails.add(tail);
    return tail;
  }

  /**
   * Hands events of one stream to all who want them.
   *
   * @param events asked for only if somebody does
   */
  public void publish(StreamId stream, Supplier<List<StoredEvent>> events) {
    var wanting = tails.stream().filter(tail -> tail.wants(stream)).toList();
    if (!wanting.isEmpty()) {
      var arrived = events.get();
      wanting.forEach(tail -> tail.offer(arrived));
    }
  }
}
