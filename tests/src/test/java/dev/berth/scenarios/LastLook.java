package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.bench.rig.Leaks;
import dev.berth.bench.rig.RunningBerth;

/** Ends a server, and looks that nothing of its tasks is left before, and nothing at all after. */
final class LastLook {
  private LastLook() {}

  static void at(RunningBerth berth) throws Exception {
    try {
      assertThat(Leaks.ofIdle(berth.host())).isEmpty();
    } finally {
      berth.close();
    }
    assertThat(Leaks.ofRetired(berth.host())).isEmpty();
  }
}
