package dev.berth.logs.tail;

import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One who looks on. */
public final class LogTail implements AutoCloseable {
  /** Kept for one who is slow; beyond that the oldest are dropped. */
  static final int EVENT_COUNT_MAX = 10_000;

  static final int CHARACTER_COUNT_MAX = 8 << 20;

  private final Predicate<StreamId> wanted;
  private final Consumer<LogTail> leave;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<StoredEvent> waiting = new ArrayDeque<>();
  private long characterCount;
  private long droppedCount;

  LogTail(Predicate<StreamId> wanted, Consumer<LogTail> leave) {
    this.wanted = wanted;
    this.leave = leave;
  }

  boolean wants(StreamId stream) {
    return wanted.test(stream);
  }

  void offer(List<StoredEvent> events) {
    lock.lock();
    try {
      for (var event : events) {
        waiting.add(event);
        characterCount += event.message().length();
        while (waiting.size() > EVENT_COUNT_MAX || characterCount > CHARACTER_COUNT_MAX) {
          characterCount -= waiting.remove().message().length();
          droppedCount++;
        }
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What has arrived since; waits that long for it while there is nothing. */
  public List<StoredEvent> take(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lock();
    try {
      while (waiting.isEmpty() && nanos > 0) {
        nanos = arrived.awaitNanos(nanos);
      }
      var taken = new ArrayList<>(waiting);
      waiting.clear();
      characterCount = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** How many events were dropped since it was asked last. */
  public long takeDroppedCount() {
    lock.lock();
    try {
      long count = droppedCount;
      droppedCount = 0;
      return count;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    leave.accept(this);
  }
}
