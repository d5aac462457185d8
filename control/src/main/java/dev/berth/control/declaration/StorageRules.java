package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.number;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.DeclaredTree.text;
import static dev.berth.control.declaration.DeclaredTree.texts;
import static dev.berth.control.declaration.Rule.container;
import static dev.berth.control.declaration.Rule.elements;
import static dev.berth.control.declaration.Rule.task;
import static dev.berth.control.declaration.Rule.volume;
import static dev.berth.control.declaration.Rule.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.control.declaration.Rule.Element;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Volumes, where they are mounted, and file systems in memory.
 *
 * <p>That a volume has one kind only is in AWS's words; the others are worded after their
 * neighbours.
 */
final class StorageRules {
  private static final Pattern VOLUME_NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");

  private static final List<String> KINDS =
      List.of(
          "host",
          "dockerVolumeConfiguration",
          "efsVolumeConfiguration",
          "fsxWindowsFileServerVolumeConfiguration");

  /** Of the official model's documentation. */
  private static final Set<String> TMPFS_OPTIONS =
      Set.of(
          ("defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand"
                  + " atime noatime diratime nodiratime bind rbind unbindable runbindable private"
                  + " rprivate shared rshared slave rslave relatime norelatime strictatime"
                  + " nostrictatime mode uid gid nr_inodes nr_blocks mpol")
              .split(" ", -1));

  private StorageRules() {}

  static final List<Rule> ALL =
      List.of(
          volume("name", (volume, _) -> name(volume.path("name").asText())),
          task("volumes", (task, _) -> sameName(task)),
          volume((volume, _) -> oneKind(volume)),
          volume((volume, _) -> efs(volume.path("efsVolumeConfiguration"))),
          container(StorageRules::mountPoints),
          container(StorageRules::volumesFrom),
          container(
              (container, _) ->
                  elements(container.path("linuxParameters"), "tmpfs")
                      .flatMap(StorageRules::tmpfs)
                      .map(found -> found.under("linuxParameters"))));

  private static Optional<String> name(String name) {
    if (name.isEmpty()) {
      return Optional.of("Volume.name should not be null or empty.");
    }
    return when(!VOLUME_NAME.matcher(name).matches(), "Volume.name contains invalid characters.");
  }

  private static Optional<String> sameName(ObjectNode task) {
    Set<String> seen = new HashSet<>();
    return objects(task, "volumes").stream()
        .map(volume -> volume.path("name").asText())
        .filter(name -> !seen.add(name))
        .findFirst()
        .map(name -> "Volume.name '" + name + "' is not unique in the task definition.");
  }

  private static Stream<Violation> oneKind(ObjectNode volume) {
    List<String> kinds = KINDS.stream().filter(kind -> has(volume, kind)).toList();
    if (kinds.size() > 1) {
      return Stream.of(
          new Violation(
              kinds.get(1),
              "When the volume parameter is specified, only one volume configuration type should"
                  + " be used."));
    }
    return when(
        volume.path("configuredAtLaunch").asBoolean() && !kinds.isEmpty(),
        "configuredAtLaunch",
        "A volume that is configured at launch cannot have a volume configuration in the task"
            + " definition.");
  }

  private static Stream<Violation> efs(JsonNode efs) {
    JsonNode access = efs.path("authorizationConfig");
    boolean encrypted = efs.path("transitEncryption").asText().equals("ENABLED");
    boolean wantsEncryption =
        access.path("iam").asText().equals("ENABLED") || has(access, "accessPointId");
    String root = text(efs, "rootDirectory").orElse("/");
    return Stream.concat(
        when(
            wantsEncryption && !encrypted,
            "efsVolumeConfiguration.transitEncryption",
            "EFS transit encryption must be ENABLED to use an access point or IAM authorization."),
        when(
            has(access, "accessPointId") && !root.isEmpty() && !root.equals("/"),
            "efsVolumeConfiguration.rootDirectory",
            "The EFS root directory must be omitted or '/' when an access point is used."));
  }

  private static Stream<Violation> mountPoints(ObjectNode container, ObjectNode task) {
    List<String> volumes =
        objects(task, "volumes").stream().map(volume -> volume.path("name").asText()).toList();
    Set<String> paths = new HashSet<>();
    return elements(container, "mountPoints")
        .flatMap(
            mount -> {
              String volume = mount.node().path("sourceVolume").asText();
              String path = mount.node().path("containerPath").asText();
              String self = EveryTaskRules.invalid(container);
              if (!volumes.contains(volume)) {
                return Stream.of(
                    mount.violation("sourceVolume", "Unknown volume '" + volume + "'."));
              }
              if (!path.startsWith("/")) {
                return Stream.of(
                    mount.violation(
                        "containerPath", self + "'containerPath' must be an absolute path."));
              }
              return paths.add(path)
                  ? Stream.empty()
                  : Stream.of(
                      mount.violation(
                          "containerPath", self + "Two volumes are mounted at '" + path + "'."));
            });
  }

  private static Stream<Violation> volumesFrom(ObjectNode container, ObjectNode task) {
    String self = container.path("name").asText();
    List<String> others =
        objects(task, "containerDefinitions").stream()
            .map(it -> it.path("name").asText())
            .filter(name -> !name.equals(self))
            .toList();
    return elements(container, "volumesFrom")
        .filter(from -> !others.contains(from.node().path("sourceContainer").asText()))
        .map(
            from ->
                from.violation(
                    "sourceContainer",
                    EveryTaskRules.invalid(container)
                        + "Unknown container '"
                        + from.node().path("sourceContainer").asText()
                        + "' in volumesFrom."));
  }

  private static Stream<Violation> tmpfs(Element tmpfs) {
    Stream<Violation> path =
        tmpfs.node().path("containerPath").asText().startsWith("/")
            ? Stream.empty()
            : Stream.of(
                tmpfs.violation("containerPath", "tmpfs: 'containerPath' must be absolute."));
    Stream<Violation> size =
        number(tmpfs.node(), "size").orElse(0) > 0
            ? Stream.empty()
            : Stream.of(tmpfs.violation("size", "tmpfs: 'size' must be at least 1 MiB."));
    Stream<Violation> options =
        texts(tmpfs.node(), "mountOptions").stream()
            .filter(option -> !TMPFS_OPTIONS.contains(option.split("=", 2)[0]))
            .map(
                option ->
                    tmpfs.violation(
                        "mountOptions", "tmpfs: '" + option + "' is not a valid mount option."));
    return Stream.of(path, size, options).flatMap(found -> found);
  }
}
