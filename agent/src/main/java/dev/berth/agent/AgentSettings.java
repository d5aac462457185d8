package dev.berth.agent;

import dev.berth.model.host.Capacity;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How one host's agent is set up.
 *
 * @param dataFolder where it keeps what must outlive it; no other agent's
 * @param zone the availability zone's letter, such as {@code a}
 * @param capacity what tasks may take, where it is not all that the machine has less the reserve
 * @param memoryReserveMib kept for the machine itself and for Berth
 * @param attributes facts for the operator
 * @param launchCountMax tasks that are launched at the same time
 */
public record AgentSettings(
    Path dataFolder,
    String zone,
    Optional<Capacity> capacity,
    int memoryReserveMib,
    Map<String, String> attributes,
    int launchCountMax) {
  /** Room for the operating system, Berth in one process, and the page cache of small images. */
  public static final int MEMORY_RESERVE_MIB_STANDARD = 1024;

  /** A launch mostly waits for the kernel and other programs. */
  public static final int LAUNCHES_PER_PROCESSOR = 4;

  public AgentSettings {
    attributes = Map.copyOf(attributes);
    if (launchCountMax < 1) {
      throw new IllegalArgumentException("an agent that launches nothing");
    }
  }

  public static AgentSettings standard(Path dataFolder) {
    return new AgentSettings(
        dataFolder,
        "a",
        Optional.empty(),
        MEMORY_RESERVE_MIB_STANDARD,
        Map.of(),
        LAUNCHES_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
  }

  public AgentSettings withCapacity(Capacity limited) {
    return new AgentSettings(
        dataFolder, zone, Optional.of(limited), memoryReserveMib, attributes, launchCountMax);
  }

  public AgentSettings withAttributes(Map<String, String> told) {
    return new AgentSettings(dataFolder, zone, capacity, memoryReserveMib, told, launchCountMax);
  }
}
