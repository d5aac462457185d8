package dev.berth.control.declaration;

import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.PidMode;
import dev.berth.model.task.TaskSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A declaration with its overrides, as a host needs it.
 *
 * @param architecture {@code X86_64} or {@code ARM64}
 * @param containers in the order of the declaration
 * @param secrets what variables refer to, by container and variable
 * @param environmentFiles the ARNs of the files that variables are read from, by container
 * @param taskRole an ARN or a short name, as declared
 */
public record CompiledTask(
    TaskSize size,
    String architecture,
    List<ContainerSpec> containers,
    OptionalInt ephemeralStorageGib,
    Optional<PidMode> pidMode,
    Map<String, Map<String, String>> secrets,
    Map<String, List<String>> environmentFiles,
    Optional<String> taskRole) {
  public CompiledTask {
    containers = List.copyOf(containers);
    secrets = Map.copyOf(secrets);
    environmentFiles = Map.copyOf(environmentFiles);
  }
}
