package dev.berth.agent.runtime;

import dev.berth.agent.linux.ProcessLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What this agent may hand on to a container.
 *
 * @param hardMax its own hard limits, by ECS's name
 * @param mayRaise whether it holds CAP_SYS_RESOURCE and so may exceed them
 * @param oomScoreAdj the least score that it may give a process
 */
public record HostLimits(Map<String, Long> hardMax, boolean mayRaise, int oomScoreAdj) {
  private static final int CAP_SYS_RESOURCE = 24;

  public HostLimits {
    hardMax = Map.copyOf(hardMax);
  }

  /** This process's own. */
  public static HostLimits read() throws IOException {
    var score = Files.readString(Path.of("/proc/self/oom_score_adj")).strip();
    return new HostLimits(
        ProcessLimits.hardLimits(), holds(CAP_SYS_RESOURCE), Math.max(0, Integer.parseInt(score)));
  }

  private static boolean holds(int capability) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapEff:")) {
        long mask = Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
        return (mask >> capability & 1) == 1;
      }
    }
    return false;
  }
}
