package dev.berth.model.task;

import dev.berth.model.Declared;
import java.util.Optional;

/**
 * How a task was asked for: what DescribeTasks shows again.
 *
 * @param overrides the official TaskOverride shape
 * @param networkConfiguration the official NetworkConfiguration shape
 * @param architecture {@code X86_64} or {@code ARM64}
 * @param availabilityZone the name of its subnet's zone, such as {@code eu-west-1a}
 */
public record TaskOrigin(
    Optional<String> launchType,
    Optional<String> capacityProvider,
    String platformVersion,
    String architecture,
    Optional<String> group,
    Optional<String> startedBy,
    Declared overrides,
    Declared networkConfiguration,
    boolean executeCommandEnabled,
    Optional<String> availabilityZone) {}
