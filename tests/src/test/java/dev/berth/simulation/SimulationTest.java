package dev.berth.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.simulation.Trace.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A thousand worlds, each with its own trouble. {@code -Dberth.seed=N} runs that one alone, {@code
 * -Dberth.seeds=N} runs so many.
 */
class SimulationTest {
  private static final int SEED_COUNT = 1_000;
  private static final int REPEATED_SEED_COUNT = 20;

  @Test
  void whateverHappensEveryTaskRunsOnceAndComesToItsEnd() throws Exception {
    Long only = Long.getLong("berth.seed");
    if (only != null) {
      Simulation.run(only, new Seams());
      return;
    }
    int seedCount = Integer.getInteger("berth.seeds", SEED_COUNT);
    var happened = new EnumMap<Kind, Integer>(Kind.class);
    for (long seed = 0; seed < seedCount; seed++) {
      Simulation.run(seed, new Seams())
          .counts()
          .forEach((kind, count) -> happened.merge(kind, count, Integer::sum));
    }
    for (Kind kind : Kind.values()) {
      assertThat(happened.getOrDefault(kind, 0))
          .as("how often: %s", kind)
          .isGreaterThan(seedCount / 20);
    }
  }

  /** Sets and maps of the JDK are in another order in each process: nothing may rest on one. */
  @Test
  void aSeedBringsTheSameEventsInAnotherProcess() throws Exception {
    var child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Simulation.class.getName(),
                Integer.toString(REPEATED_SEED_COUNT))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> there;
    try (var output = child.inputReader()) {
      there = output.lines().toList();
    }
    assertThat(child.waitFor()).isZero();
    var here = new ArrayList<String>();
    for (long seed = 0; seed < REPEATED_SEED_COUNT; seed++) {
      here.add(Long.toString(Simulation.run(seed, new Seams()).hash()));
    }
    assertThat(there).isEqualTo(here);
  }
}
