package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.number;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.DeclaredTree.text;
import static dev.berth.control.declaration.DeclaredTree.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Declared;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.LinuxParameters.Tmpfs;
import dev.berth.model.task.LinuxParameters.Ulimit;
import dev.berth.model.task.PidMode;
import dev.berth.model.task.TaskSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles a task definition and what a start overrides of it.
 *
 * <p>Pure. The declaration was accepted when it was registered; what overrides make of it is
 * checked here.
 */
public final class TaskDefinitionCompiler {
  /** Fargate's when none is declared. */
  static final String ARCHITECTURE_DEFAULT = "X86_64";

  private TaskDefinitionCompiler() {}

  /**
   * What hosts are told of each task of this start.
   *
   * @param declaration of the official TaskDefinition shape
   * @param overrides of the official TaskOverride shape
   * @throws InvalidDeclaration if an override names no container, makes a size that Fargate does
   *     not offer, or takes the name of a secret: to RunTask, an invalid parameter
   */
  public static CompiledTask compile(Declared declaration, Declared overrides)
      throws InvalidDeclaration {
    ObjectNode task = DeclaredTree.of(declaration);
    TaskOverrides.apply(task, DeclaredTree.of(overrides));
    var violations = new ArrayList<Violation>(SizeRules.violations(task));
    violations.addAll(Rule.violations(EnvironmentRules.ALL, task));
    Rule.elements(task, "containerDefinitions")
        .flatMap(each -> LogCompiler.violation(each.node(), each.path()).stream())
        .forEach(violations::add);
    if (!violations.isEmpty()) {
      throw new InvalidDeclaration(violations);
    }
    TaskSize size =
        SizeRules.size(task)
            .orElseThrow(() -> new InvalidDeclaration("cpu", SizeRules.CPU_AND_MEMORY_NEEDED));
    String architecture =
        text(task.path("runtimePlatform"), "cpuArchitecture").orElse(ARCHITECTURE_DEFAULT);
    return new CompiledTask(
        size,
        architecture,
        objects(task, "containerDefinitions").stream()
            .map(container -> container(container, task))
            .toList(),
        number(task.path("ephemeralStorage"), "sizeInGiB"),
        text(task, "pidMode").filter(mode -> mode.equals("task")).map(_ -> PidMode.TASK),
        secrets(task),
        environmentFiles(task),
        nonEmpty(task, "taskRoleArn"));
  }

  private static Map<String, Map<String, String>> secrets(ObjectNode task) {
    var byContainer = new LinkedHashMap<String, Map<String, String>>();
    for (ObjectNode container : objects(task, "containerDefinitions")) {
      var references = new LinkedHashMap<String, String>();
      objects(container, "secrets")
          .forEach(
              secret ->
                  references.put(secret.path("name").asText(), secret.path("valueFrom").asText()));
      if (!references.isEmpty()) {
        byContainer.put(container.path("name").asText(), references);
      }
    }
    return byContainer;
  }

  private static Map<String, List<String>> environmentFiles(ObjectNode task) {
    var byContainer = new LinkedHashMap<String, List<String>>();
    for (ObjectNode container : objects(task, "containerDefinitions")) {
      List<String> files =
          objects(container, "environmentFiles").stream()
              .map(file -> file.path("value").asText())
              .toList();
      if (!files.isEmpty()) {
        byContainer.put(container.path("name").asText(), files);
      }
    }
    return byContainer;
  }

  private static ContainerSpec container(ObjectNode container, ObjectNode task) {
    return new ContainerSpec(
            container.path("name").asText(),
            container.path("image").asText(),
            container.path("essential").asBoolean(true),
            words(container, "command"),
            words(container, "entryPoint"),
            environment(container),
            nonEmpty(container, "user"),
            nonEmpty(container, "workingDirectory"),
            container.path("cpu").asInt(),
            number(container, "memory"),
            number(container, "memoryReservation"),
            number(container, "stopTimeout").orElse(ContainerSpec.STOP_TIMEOUT_SECONDS_DEFAULT),
            container.path("readonlyRootFilesystem").asBoolean(),
            container.path("interactive").asBoolean(),
            container.path("pseudoTerminal").asBoolean(),
            linux(container),
            Optional.of(SupervisionCompiler.compile(container)),
            Optional.of(MountCompiler.compile(container, task)),
            Optional.of(labels(container)))
        .withLog(LogCompiler.compile(container));
  }

  /** An empty list means the image's, as on AWS. */
  private static Optional<List<String>> words(JsonNode container, String member) {
    return Optional.of(texts(container, member)).filter(words -> !words.isEmpty());
  }

  private static Optional<String> nonEmpty(JsonNode container, String member) {
    return text(container, member).filter(text -> !text.isEmpty());
  }

  private static Map<String, String> environment(JsonNode container) {
    return pairs(container, "environment", "name");
  }

  private static Map<String, String> pairs(JsonNode parent, String member, String key) {
    var pairs = new LinkedHashMap<String, String>();
    for (ObjectNode pair : objects(parent, member)) {
      pairs.put(pair.path(key).asText(), pair.path("value").asText());
    }
    return pairs;
  }

  private static Map<String, String> labels(JsonNode container) {
    var labels = new LinkedHashMap<String, String>();
    container
        .path("dockerLabels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private static LinuxParameters linux(JsonNode container) {
    JsonNode linux = container.path("linuxParameters");
    return new LinuxParameters(
        texts(linux.path("capabilities"), "add"),
        texts(linux.path("capabilities"), "drop"),
        linux.path("initProcessEnabled").asBoolean(),
        objects(container, "ulimits").stream().map(TaskDefinitionCompiler::ulimit).toList(),
        objects(linux, "tmpfs").stream().map(TaskDefinitionCompiler::tmpfs).toList(),
        pairs(container, "systemControls", "namespace"));
  }

  private static Ulimit ulimit(JsonNode ulimit) {
    return new Ulimit(
        ulimit.path("name").asText(),
        ulimit.path("softLimit").asLong(),
        ulimit.path("hardLimit").asLong());
  }

  private static Tmpfs tmpfs(JsonNode tmpfs) {
    return new Tmpfs(
        tmpfs.path("containerPath").asText(),
        tmpfs.path("size").asInt(),
        texts(tmpfs, "mountOptions"));
  }
}
