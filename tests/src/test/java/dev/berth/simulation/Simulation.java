package dev.berth.simulation;

import dev.berth.agent.linux.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs worlds. */
final class Simulation {
  /** The agents' journals are real files, and nothing here needs them to outlive the machine. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private Simulation() {}

  /**
   * Runs one world from its trouble to its rest.
   *
   * @throws SeedFailed with all that is needed to see it again
   */
  static Trace run(long seed, Seams seams) throws IOException {
    Path folder =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "berth-simulation-")
            : Files.createTempDirectory("berth-simulation-");
    try {
      var world = new World(seed, folder, seams);
      try {
        world.trouble();
        new Rest(world).come();
      } catch (RuntimeException | Error failure) {
        throw new SeedFailed(seed, world.trace, failure);
      }
      return world.trace;
    } finally {
      TreeRemoval.remove(folder);
    }
  }

  /** Prints what each of the first seeds comes to, for another process to compare. */
  public static void main(String[] seedCount) throws IOException {
    for (long seed = 0; seed < Long.parseLong(seedCount[0]); seed++) {
      System.out.println(run(seed, new Seams()).hash());
    }
  }

  /** A seed that shows a bug. */
  static final class SeedFailed extends AssertionError {
    private static final long serialVersionUID = 1L;

    SeedFailed(long seed, Trace trace, Throwable failure) {
      super(
          "seed %d: %s%nAgain: -Dberth.seed=%d. Before it:%n%s"
              .formatted(seed, failure.getMessage(), seed, trace),
          failure);
    }
  }
}
