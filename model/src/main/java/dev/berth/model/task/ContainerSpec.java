package dev.berth.model.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One container as a host is told to run it: overrides are applied and nothing is left to look up.
 *
 * @param image as declared: name, tag or digest
 * @param essential the task ends when this container does
 * @param command replaces the image's, when present (an empty list clears it)
 * @param entryPoint replaces the image's, when present; the image's command is then not used
 * @param environment added to the image's, and stronger
 * @param user {@code user}, {@code uid}, {@code user:group} or {@code uid:gid}; the image's when
 *     absent
 * @param cpuUnits the container's share of the task's CPU; 0 means none of its own
 * @param memoryMib the hard limit inside the task's
 * @param memoryReservationMib the soft limit
 * @param stopTimeoutSeconds between SIGTERM and SIGKILL
 * @param supervised absent where nothing of it is declared; read it by {@link #supervision}
 * @param mounts volumes of the task; absent where there are none, see {@link #volumeMounts}
 * @param dockerLabels absent where there are none
 * @param log where its output goes, beside being kept on its host
 */
public record ContainerSpec(
    String name,
    String image,
    boolean essential,
    Optional<List<String>> command,
    Optional<List<String>> entryPoint,
    Map<String, String> environment,
    Optional<String> user,
    Optional<String> workingDirectory,
    int cpuUnits,
    OptionalInt memoryMib,
    OptionalInt memoryReservationMib,
    int stopTimeoutSeconds,
    boolean readonlyRootFilesystem,
    boolean interactive,
    boolean pseudoTerminal,
    LinuxParameters linux,
    Optional<Supervision> supervised,
    Optional<List<VolumeMount>> mounts,
    Optional<Map<String, String>> dockerLabels,
    Optional<LogConfiguration> log) {
  /** ECS's default between SIGTERM and SIGKILL. */
  public static final int STOP_TIMEOUT_SECONDS_DEFAULT = 30;

  /** A container whose output stays on its host. */
  public ContainerSpec(
      String name,
      String image,
      boolean essential,
      Optional<List<String>> command,
      Optional<List<String>> entryPoint,
      Map<String, String> environment,
      Optional<String> user,
      Optional<String> workingDirectory,
      int cpuUnits,
      OptionalInt memoryMib,
      OptionalInt memoryReservationMib,
      int stopTimeoutSeconds,
      boolean readonlyRootFilesystem,
      boolean interactive,
      boolean pseudoTerminal,
      LinuxParameters linux,
      Optional<Supervision> supervised,
      Optional<List<VolumeMount>> mounts,
      Optional<Map<String, String>> dockerLabels) {
    this(
        name,
        image,
        essential,
        command,
        entryPoint,
        environment,
        user,
        workingDirectory,
        cpuUnits,
        memoryMib,
        memoryReservationMib,
        stopTimeoutSeconds,
        readonlyRootFilesystem,
        interactive,
        pseudoTerminal,
        linux,
        supervised,
        mounts,
        dockerLabels,
        Optional.empty());
  }

  public ContainerSpec {
    command = command.map(List::copyOf);
    entryPoint = entryPoint.map(List::copyOf);
    environment = Map.copyOf(environment);
    supervised = supervised.filter(each -> !each.equals(Supervision.NONE));
    mounts = mounts.filter(each -> !each.isEmpty()).map(List::copyOf);
    dockerLabels = dockerLabels.filter(each -> !each.isEmpty()).map(Map::copyOf);
  }

  /** What the host sees to around its process. */
  public Supervision supervision() {
    return supervised.orElse(Supervision.NONE);
  }

  /** The volumes that it sees, in the order of the declaration. */
  public List<VolumeMount> volumeMounts() {
    return mounts.orElse(List.of());
  }

  /** The same, seen to in that way. */
  public ContainerSpec with(Supervision supervision) {
    return new ContainerSpec(
        name,
        image,
        essential,
        command,
        entryPoint,
        environment,
        user,
        workingDirectory,
        cpuUnits,
        memoryMib,
        memoryReservationMib,
        stopTimeoutSeconds,
        readonlyRootFilesystem,
        interactive,
        pseudoTerminal,
        linux,
        Optional.of(supervision),
        mounts,
        dockerLabels,
        log);
  }

  /** The same, with those volumes. */
  public ContainerSpec with(List<VolumeMount> volumeMounts) {
    return new ContainerSpec(
        name,
        image,
        essential,
        command,
        entryPoint,
        environment,
        user,
        workingDirectory,
        cpuUnits,
        memoryMib,
        memoryReservationMib,
        stopTimeoutSeconds,
        readonlyRootFilesystem,
        interactive,
        pseudoTerminal,
        linux,
        supervised,
        Optional.of(volumeMounts),
        dockerLabels,
        log);
  }

  /** The same, with its output going there. */
  public ContainerSpec withLog(Optional<LogConfiguration> configuration) {
    return new ContainerSpec(
        name,
        image,
        essential,
        command,
        entryPoint,
        environment,
        user,
        workingDirectory,
        cpuUnits,
        memoryMib,
        memoryReservationMib,
        stopTimeoutSeconds,
        readonlyRootFilesystem,
        interactive,
        pseudoTerminal,
        linux,
        supervised,
        mounts,
        dockerLabels,
        configuration);
  }
}
