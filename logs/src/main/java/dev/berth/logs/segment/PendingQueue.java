package dev.berth.logs.segment;

import dev.berth.logs.LogStoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the committer, in the order it came. */
final class PendingQueue {
  /** Callers beyond that wait to get in. */
  static final long BYTE_COUNT_MAX = 32L << 20;

  static final int COUNT_MAX = 8192;

  /** A batch ends with the one that brings it over that. */
  static final long BATCH_BYTE_COUNT = 8L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private long byteCount;
  private String refusal = "";

  /** Adds to the queue, waiting while it is full. */
  void put(Pending pending) {
    lock.lock();
    try {
      while (refusal.isEmpty() && (byteCount >= BYTE_COUNT_MAX || waiting.size() >= COUNT_MAX)) {
        notFull.awaitUninterruptibly();
      }
      add(pending);
    } finally {
      lock.unlock();
    }
  }

  /** Adds what the store itself wants done: that never waits. */
  void putOwn(Pending pending) {
    lock.lock();
    try {
      add(pending);
    } finally {
      lock.unlock();
    }
  }

  private void add(Pending pending) {
    if (!refusal.isEmpty()) {
      throw new LogStoreException(refusal);
    }
    waiting.add(pending);
    byteCount += pending.byteCount();
    notEmpty.signal();
  }

  /** Takes the next batch, waiting for it; empty when nothing more will come. */
  List<Pending> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && refusal.isEmpty()) {
        notEmpty.awaitUninterruptibly();
      }
      var batch = new ArrayList<Pending>();
      long batchByteCount = 0;
      while (!waiting.isEmpty() && batchByteCount < BATCH_BYTE_COUNT) {
        var pending = waiting.remove();
        batch.add(pending);
        batchByteCount += pending.byteCount();
      }
      byteCount -= batchByteCount;
      notFull.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more. What waits is still taken. The first reason stays. */
  void refuse(String reason) {
    lock.lock();
    try {
      refusal = refusal.isEmpty() ? reason : refusal;
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
