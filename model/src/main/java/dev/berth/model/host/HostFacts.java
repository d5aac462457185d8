package dev.berth.model.host;

import java.util.Map;

/**
 * What a host says of itself when it registers.
 *
 * @param bootId the kernel's own id of this boot: a task placed on another boot is never started
 * @param capacity what tasks may take in all
 * @param architecture {@code X86_64} or {@code ARM64}, ECS's names
 * @param zone the availability zone's letter, such as {@code a}
 * @param attributes facts for the operator (kernel, runtime, storage driver)
 */
public record HostFacts(
    HostId id,
    String bootId,
    Capacity capacity,
    String architecture,
    String zone,
    Map<String, String> attributes) {
  public HostFacts {
    attributes = Map.copyOf(attributes);
  }
}
