package dev.berth.link.grpc;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling, bounded, and spread at random over the upper
 * half, so that a hundred hosts do not come back in the same instant.
 */
final class Backoff {
  private final long millisMin;
  private final long millisMax;
  private final RandomGenerator random;
  private long ceilingMillis;

  Backoff(long millisMin, long millisMax, RandomGenerator random) {
    this.millisMin = millisMin;
    this.millisMax = millisMax;
    this.random = random;
    this.ceilingMillis = millisMin;
  }

  long nextMillis() {
    long ceiling = ceilingMillis;
    ceilingMillis = Math.min(millisMax, ceiling * 2);
    return ceiling / 2 + random.nextLong(ceiling / 2 + 1);
  }

  /** After a connection that worked. */
  void reset() {
    ceilingMillis = millisMin;
  }
}
