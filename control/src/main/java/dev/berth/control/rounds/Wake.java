package dev.berth.control.rounds;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets anybody say that something may now be possible that was not. */
public final class Wake {
  private final Semaphore calls = new Semaphore(0);

  public void call() {
    calls.release();
  }

  /** Returns once somebody called, or after that time; all calls until then count as one. */
  void await(long millis) throws InterruptedException {
    if (calls.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      calls.drainPermits();
    }
  }
}
