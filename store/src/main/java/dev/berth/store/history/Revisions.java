package dev.berth.store.history;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The newest revision that can be read, and a place to wait for the next. */
public final class Revisions {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile long newest;
  private volatile boolean ended;

  public Revisions(long newest) {
    this.newest = newest;
  }

  public long newest() {
    return newest;
  }

  /** Tells that all revisions up to this one can be read. */
  public void publish(long revision) {
    newest = revision;
    wakeAll();
  }

  /** Tells that no more revisions will come. */
  public void end() {
    ended = true;
    wakeAll();
  }

  public boolean hasEnded() {
    return ended;
  }

  /** Waits until the revision is reached, none will come, or the waiter has given up. */
  void await(long revision, BooleanSupplier givenUp) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (newest < revision && !ended && !givenUp.getAsBoolean()) {
        moved.await();
      }
    } finally {
      lock.unlock();
    }
  }

  void wakeAll() {
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
