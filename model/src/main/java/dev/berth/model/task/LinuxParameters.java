package dev.berth.model.task;

import java.util.List;
import java.util.Map;

/**
 * What a declaration may change of a container's kernel side.
 *
 * @param capabilitiesAdded names without {@code CAP_}, on top of the default set
 * @param capabilitiesDropped names without {@code CAP_}, or {@code ALL}
 * @param initProcess a small init reaps zombies and passes signals on
 * @param systemControls namespaced kernel settings by name, such as {@code net.core.somaxconn}
 */
public record LinuxParameters(
    List<String> capabilitiesAdded,
    List<String> capabilitiesDropped,
    boolean initProcess,
    List<Ulimit> ulimits,
    List<Tmpfs> tmpfs,
    Map<String, String> systemControls) {
  public static final LinuxParameters NONE =
      new LinuxParameters(List.of(), List.of(), false, List.of(), List.of(), Map.of());

  public LinuxParameters {
    capabilitiesAdded = List.copyOf(capabilitiesAdded);
    capabilitiesDropped = List.copyOf(capabilitiesDropped);
    ulimits = List.copyOf(ulimits);
    tmpfs = List.copyOf(tmpfs);
    systemControls = Map.copyOf(systemControls);
  }

  /** A resource limit by its ECS name, such as {@code nofile}. */
  public record Ulimit(String name, long soft, long hard) {}

  /** A memory file system of the container's own. */
  public record Tmpfs(String containerPath, int sizeMib, List<String> mountOptions) {
    public Tmpfs {
      mountOptions = List.copyOf(mountOptions);
    }
  }
}
