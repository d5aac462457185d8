package dev.berth.simulation;

import java.util.random.RandomGenerator;

/**
 * How much goes wrong in a world. A seed in which everything goes wrong at once comes nowhere, and
 * one in which nothing does finds nothing: so each seed has its own mixture.
 *
 * @param agentKill at each point where an agent touches its host
 * @param hostFailure of each operation of a host
 * @param controlKill at each commit
 * @param interleaving whether other things happen while control waits for its disk
 * @param duplicate of each message
 */
record Faults(
    double agentKill,
    double hostFailure,
    double controlKill,
    double interleaving,
    double duplicate) {
  static Faults drawn(RandomGenerator random) {
    return new Faults(
        random.nextInt(3) * 0.01,
        random.nextInt(4) == 0 ? 0.03 : 0,
        random.nextInt(3) * 0.015,
        random.nextInt(3) * 0.3,
        random.nextInt(3) * 0.1);
  }

  /** Nothing fails, but things still happen among each other. */
  Faults calm() {
    return new Faults(0, 0, 0, interleaving, 0);
  }
}
