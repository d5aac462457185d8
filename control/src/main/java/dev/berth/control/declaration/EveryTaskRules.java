package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.number;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.DeclaredTree.text;
import static dev.berth.control.declaration.Rule.container;
import static dev.berth.control.declaration.Rule.task;
import static dev.berth.control.declaration.Rule.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.identity.RoleArn;
import dev.berth.model.task.FargateSizes;
import dev.berth.model.task.TaskDefinitionId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What holds of every task definition, on Fargate or not.
 *
 * <p>Texts are AWS's where a public report has them; those of counts, ranges, uniqueness and
 * references are worded after them.
 */
final class EveryTaskRules {
  private static final int CONTAINER_COUNT_MAX = 10;
  private static final int MEMORY_MIB_MIN = 6;
  private static final Pattern CONTAINER_NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9_\\-.:/#@]{1,255}");

  private EveryTaskRules() {}

  private static final List<Rule> OF_CONTAINERS =
      List.of(
          task("family", (task, _) -> family(task.path("family").asText())),
          task(
              "containerDefinitions",
              (task, _) ->
                  when(!has(task, "containerDefinitions"), "Container list cannot be empty.")),
          task(
              "containerDefinitions",
              (task, _) ->
                  when(
                      task.path("containerDefinitions").size() > CONTAINER_COUNT_MAX,
                      "A task definition can have at most 10 containers.")),
          container("name", (container, _) -> name(container.path("name").asText())),
          task("containerDefinitions", (task, _) -> sameName(task)),
          container("image", (container, _) -> image(container.path("image").asText())),
          task(
              "containerDefinitions",
              (task, _) ->
                  when(
                      has(task, "containerDefinitions")
                          && objects(task, "containerDefinitions").stream()
                              .noneMatch(EveryTaskRules::isEssential),
                      "Task definition doesn't have any essential container.")),
          task("cpu", (task, _) -> amount(task, "cpu")),
          task("memory", (task, _) -> amount(task, "memory")),
          container("memory", EveryTaskRules::someMemory),
          container("memory", (container, _) -> memory(container)),
          container((container, _) -> StartRules.range(container, "", "cpu", 0, Integer.MAX_VALUE)),
          container(PortRules::violations),
          task("containerDefinitions", (task, _) -> PortRules.twice(task)),
          task("taskRoleArn", (task, _) -> role(task, "taskRoleArn")),
          task("executionRoleArn", (task, _) -> role(task, "executionRoleArn")),
          task(
              "proxyConfiguration.containerName",
              (task, _) -> proxy(task.path("proxyConfiguration"), names(task))));

  static final List<Rule> ALL =
      Stream.of(
              OF_CONTAINERS,
              StorageRules.ALL,
              EnvironmentRules.ALL,
              StartRules.ALL,
              KernelRules.ALL,
              LogRules.EVERY_TASK)
          .flatMap(List::stream)
          .toList();

  private static Optional<String> family(String family) {
    if (family.isEmpty()) {
      return Optional.of("Family should not be null or empty.");
    }
    return when(!TaskDefinitionId.isFamily(family), "Family contains invalid characters.");
  }

  private static Optional<String> name(String name) {
    if (name.isEmpty()) {
      return Optional.of("Container.name should not be null or empty.");
    }
    return when(
        !CONTAINER_NAME.matcher(name).matches(), "Container.name contains invalid characters.");
  }

  private static Optional<String> sameName(ObjectNode task) {
    Set<String> seen = new HashSet<>();
    return names(task).stream()
        .filter(name -> !seen.add(name))
        .findFirst()
        .map(name -> "Container.name '" + name + "' is not unique in the task definition.");
  }

  private static Optional<String> image(String image) {
    if (image.isEmpty()) {
      return Optional.of("Container.image should not be null or empty.");
    }
    return when(!IMAGE.matcher(image).matches(), "Container.image contains invalid characters.");
  }

  static boolean isEssential(JsonNode container) {
    return container.path("essential").asBoolean(true);
  }

  private static Optional<String> amount(ObjectNode task, String member) {
    String declared = task.path(member).asText();
    Optional<Integer> amount =
        member.equals("cpu") ? FargateSizes.cpuUnits(declared) : FargateSizes.memoryMib(declared);
    return when(
        !declared.isEmpty() && amount.isEmpty(), "Invalid '" + member + "' setting for task.");
  }

  private static Optional<String> someMemory(ObjectNode container, ObjectNode task) {
    return when(
        !has(task, "memory")
            && !Compatibilities.requiresFargate(task)
            && number(container, "memory").isEmpty()
            && number(container, "memoryReservation").isEmpty(),
        invalid(container) + "At least one of 'memory' or 'memoryReservation' must be specified.");
  }

  private static Optional<String> memory(ObjectNode container) {
    int hard = number(container, "memory").orElse(Integer.MAX_VALUE);
    int soft = number(container, "memoryReservation").orElse(MEMORY_MIB_MIN);
    if (hard < MEMORY_MIB_MIN || soft < MEMORY_MIB_MIN) {
      return Optional.of(
          invalid(container) + "'memory' and 'memoryReservation' must be at least 6.");
    }
    return when(
        hard < soft, invalid(container) + "'memory' must not be less than 'memoryReservation'.");
  }

  private static List<String> names(ObjectNode task) {
    return objects(task, "containerDefinitions").stream()
        .map(it -> it.path("name").asText())
        .toList();
  }

  /** AWS knows more of a role than its form; what it says of one that it does not find is this. */
  private static Optional<String> role(ObjectNode task, String member) {
    String role = task.path(member).asText();
    return when(!role.isEmpty() && !RoleArn.isNamed(role), "Role is not valid");
  }

  private static Optional<String> proxy(JsonNode proxy, List<String> names) {
    String name = proxy.path("containerName").asText();
    return when(
        !name.isEmpty() && !names.contains(name),
        "Unknown container '" + name + "' in proxyConfiguration.");
  }

  /** How a complaint about one container begins. */
  static String invalid(ObjectNode container) {
    return "Invalid setting for container '" + text(container, "name").orElse("") + "'. ";
  }
}
