package dev.berth.model.task;

import dev.berth.model.identity.Realm;
import dev.berth.model.network.EniSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A task as a host is told to run it: complete, so that the host needs nobody to launch it.
 *
 * @param cluster the cluster's name
 * @param family the task definition's family
 * @param revision the task definition's revision
 * @param containers in the order of the declaration, with names that differ
 * @param eni its one network interface
 * @param ephemeralStorageGib as declared; {@link #EPHEMERAL_STORAGE_GIB_DEFAULT} when absent
 * @param pidMode absent where every container sees its own processes only
 * @param secretReferences what variables refer to, by container and variable; never a value
 * @param environmentFileArns the objects of S3 that variables are read from, by container
 * @param role whose credentials its containers get; absent where none is declared
 */
public record TaskSpec(
    TaskId id,
    Realm realm,
    String cluster,
    String family,
    int revision,
    TaskSize size,
    List<ContainerSpec> containers,
    EniSpec eni,
    OptionalInt ephemeralStorageGib,
    Optional<PidMode> pidMode,
    Optional<Map<String, Map<String, String>>> secretReferences,
    Optional<Map<String, List<String>>> environmentFileArns,
    Optional<TaskRole> role) {
  /** What every Fargate task has when it declares nothing. */
  public static final int EPHEMERAL_STORAGE_GIB_DEFAULT = 20;

  public TaskSpec {
    containers = List.copyOf(containers);
    secretReferences = secretReferences.filter(each -> !each.isEmpty()).map(Map::copyOf);
    environmentFileArns = environmentFileArns.filter(each -> !each.isEmpty()).map(Map::copyOf);
    if (containers.isEmpty()) {
      throw new IllegalArgumentException("task " + id + " has no container");
    }
    if (containers.stream().map(ContainerSpec::name).distinct().count() != containers.size()) {
      throw new IllegalArgumentException("task " + id + " names a container twice");
    }
  }

  /** A task without secrets, environment files or role. */
  public TaskSpec(
      TaskId id,
      Realm realm,
      String cluster,
      String family,
      int revision,
      TaskSize size,
      List<ContainerSpec> containers,
      EniSpec eni,
      OptionalInt ephemeralStorageGib,
      Optional<PidMode> pidMode) {
    this(
        id,
        realm,
        cluster,
        family,
        revision,
        size,
        containers,
        eni,
        ephemeralStorageGib,
        pidMode,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** What variables refer to, by container and variable; never a value. */
  public Map<String, Map<String, String>> secrets() {
    return secretReferences.orElse(Map.of());
  }

  /** The ARNs of the files that variables are read from, by container, in their order. */
  public Map<String, List<String>> environmentFiles() {
    return environmentFileArns.orElse(Map.of());
  }

  /** Whether values of variables must be asked for before it can be launched. */
  public boolean needsValues() {
    return !secrets().isEmpty() || !environmentFiles().isEmpty();
  }

  /** What its containers may write altogether, images not counted. */
  public int storageGib() {
    return ephemeralStorageGib.orElse(EPHEMERAL_STORAGE_GIB_DEFAULT);
  }
}
