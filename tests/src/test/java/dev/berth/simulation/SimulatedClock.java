package dev.berth.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that moves when it is told to, also back. */
final class SimulatedClock implements InstantSource {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private Instant latest = now;

  @Override
  public Instant instant() {
    return now;
  }

  void move(Duration by) {
    now = now.plus(by);
    latest = now.isAfter(latest) ? now : latest;
  }

  /** The latest that it ever showed: what may have passed for somebody who looked then. */
  Instant latest() {
    return latest;
  }
}
