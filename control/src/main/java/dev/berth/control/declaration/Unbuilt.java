package dev.berth.control.declaration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Declared;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What may be declared and is not acted upon yet. A task that asks for it is refused: it would run
 * as if it had not asked.
 */
public final class Unbuilt {
  private static final List<String> OF_TASK = List.of("proxyConfiguration");

  /** These say something only when they are true. */
  private static final List<String> OF_TASK_WHEN_TRUE = List.of("enableFaultInjection");

  private static final List<String> OF_CONTAINER =
      List.of("firelensConfiguration", "repositoryCredentials", "credentialSpecs");

  private static final String ENVIRONMENT_FILES = "environmentFiles";

  /** Volumes that are more than a folder of the task's own. */
  private static final List<String> OF_VOLUME =
      List.of(
          "efsVolumeConfiguration",
          "fsxWindowsFileServerVolumeConfiguration",
          "s3filesVolumeConfiguration");

  private static final List<String> OF_VOLUME_WHEN_TRUE = List.of("configuredAtLaunch");

  private Unbuilt() {}

  /** What the operator has to say before a task may have it. */
  public enum EnvironmentFiles {
    /** No S3 is named: they are refused. */
    UNREACHABLE,
    /** They are read when a task is launched. */
    FROM_S3
  }

  /** The first such member of a declaration in its normal form. */
  public static Optional<Violation> first(Declared declaration, EnvironmentFiles files) {
    return all(declaration, files).stream().findFirst();
  }

  /** Every such member. */
  public static List<Violation> all(Declared declaration, EnvironmentFiles files) {
    return Stream.concat(members(declaration), environmentFiles(declaration, files)).toList();
  }

  /** The first environment files that a start brings though there is no S3 to read them from. */
  public static Optional<Violation> overridden(Declared overrides, EnvironmentFiles files) {
    return refused(DeclaredTree.of(overrides), "containerOverrides", files).findFirst();
  }

  private static Stream<Violation> environmentFiles(Declared declaration, EnvironmentFiles files) {
    return refused(DeclaredTree.of(declaration), "containerDefinitions", files);
  }

  private static Stream<Violation> refused(
      ObjectNode tree, String containers, EnvironmentFiles files) {
    return switch (files) {
      case FROM_S3 -> Stream.empty();
      case UNREACHABLE ->
          Rule.elements(tree, containers)
              .filter(container -> DeclaredTree.has(container.node(), ENVIRONMENT_FILES))
              .map(
                  container ->
                      container.violation(
                          ENVIRONMENT_FILES,
                          "Berth does not run tasks with '"
                              + container.path()
                              + "."
                              + ENVIRONMENT_FILES
                              + "' before its operator has named an S3 endpoint: --s3-endpoint or"
                              + " BERTH_S3_ENDPOINT."));
    };
  }

  private static Stream<Violation> members(Declared declaration) {
    ObjectNode tree = DeclaredTree.of(declaration);
    Stream<String> ofTask = OF_TASK.stream().filter(member -> DeclaredTree.has(tree, member));
    Stream<String> whenTrue =
        OF_TASK_WHEN_TRUE.stream().filter(member -> tree.path(member).asBoolean());
    Stream<String> ofContainers =
        Rule.elements(tree, "containerDefinitions")
            .flatMap(
                container ->
                    OF_CONTAINER.stream()
                        .filter(member -> DeclaredTree.has(container.node(), member))
                        .map(member -> container.path() + "." + member));
    Stream<String> ofLogs =
        Rule.elements(tree, "containerDefinitions")
            .filter(container -> !LogCompiler.isBuilt(container.node()))
            .map(container -> container.path() + ".logConfiguration");
    Stream<String> ofVolumes =
        Rule.elements(tree, "volumes")
            .flatMap(
                volume ->
                    Stream.concat(
                            OF_VOLUME.stream()
                                .filter(member -> DeclaredTree.has(volume.node(), member)),
                            OF_VOLUME_WHEN_TRUE.stream()
                                .filter(member -> volume.node().path(member).asBoolean()))
                        .map(member -> volume.path() + "." + member));
    return Stream.of(ofTask, whenTrue, ofVolumes, ofContainers, ofLogs)
        .flatMap(paths -> paths)
        .map(Unbuilt::violation);
  }

  private static Violation violation(String path) {
    return new Violation(path, "Berth does not run tasks with '" + path + "' yet. Leave it out.");
  }
}
