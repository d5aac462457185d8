package dev.berth.agent.runtime;

import dev.berth.model.image.ImageConfig;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.PidMode;
import dev.berth.model.task.TaskSize;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * All that a runtime needs to create a container.
 *
 * @param rootFilesystem mounted
 * @param volumes where each volume of the task is, by its name
 * @param networkNamespace joined by the container
 * @param address the task's own, as the container's /etc/hosts names it
 * @param cgroupPath from the cgroup root
 * @param environment Berth's own variables, weaker than the declaration's
 * @param hostname inside the container
 * @param resolvConf the file {@code /etc/resolv.conf}, where it is not made from the host's
 * @param pidMode whose processes it sees besides its own
 */
public record ContainerPlan(
    ContainerKey key,
    ContainerSpec spec,
    TaskSize taskSize,
    ImageConfig image,
    Path rootFilesystem,
    Map<String, Path> volumes,
    Path networkNamespace,
    String address,
    String cgroupPath,
    Map<String, String> environment,
    String hostname,
    Optional<String> resolvConf,
    Optional<PidMode> pidMode) {
  public ContainerPlan {
    volumes = Map.copyOf(volumes);
    environment = Map.copyOf(environment);
  }
}
