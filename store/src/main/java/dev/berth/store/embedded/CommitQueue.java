package dev.berth.store.embedded;

import dev.berth.store.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The transactions that wait for the committer, in the order they came. */
final class CommitQueue {
  /** Callers beyond that many wait to get in. */
  static final int PENDING_COUNT_MAX = 1024;

  static final int BATCH_COUNT_MAX = 256;

  /** A batch ends with the transaction that brings it over that size. */
  static final int BATCH_BYTES_MAX = 4 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private Optional<Supplier<StoreException>> refusal = Optional.empty();

  /** Adds to the queue, waiting while it is full; throws if the queue takes no more. */
  void put(Pending pending) {
    lock.lock();
    try {
      while (waiting.size() >= PENDING_COUNT_MAX && refusal.isEmpty()) {
        notFull.awaitUninterruptibly();
      }
      if (refusal.isPresent()) {
        throw refusal.get().get();
      }
      waiting.add(pending);
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next batch, waiting for it; empty when the queue takes no more and nothing is left.
   */
  List<Pending> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && refusal.isEmpty()) {
        notEmpty.awaitUninterruptibly();
      }
      var batch = new ArrayList<Pending>();
      long sizeBytes = 0;
      while (!waiting.isEmpty() && batch.size() < BATCH_COUNT_MAX && sizeBytes < BATCH_BYTES_MAX) {
        var pending = waiting.remove();
        batch.add(pending);
        sizeBytes += pending.transaction().sizeBytes();
      }
      notFull.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more from now on. What waits is still taken. The first reason stays. */
  void refuse(Supplier<StoreException> reason) {
    lock.lock();
    try {
      refusal = refusal.or(() -> Optional.of(reason));
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
