package dev.berth.control.declaration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Puts what a start overrides into the declaration, as if it had been declared so. */
final class TaskOverrides {
  private static final List<String> TASK_MEMBERS =
      List.of("cpu", "memory", "executionRoleArn", "taskRoleArn", "ephemeralStorage");

  /**
   * An empty command is none, as everywhere in ECS. Environment files replace the declared ones.
   */
  private static final List<String> CONTAINER_MEMBERS =
      List.of("command", "cpu", "memory", "memoryReservation", "environmentFiles");

  private TaskOverrides() {}

  /**
   * Changes the declaration.
   *
   * @throws InvalidDeclaration if a container that is not there is overridden, or by what Berth
   *     does not run
   */
  static void apply(ObjectNode declaration, ObjectNode overrides) throws InvalidDeclaration {
    TASK_MEMBERS.forEach(member -> replace(declaration, overrides, member));
    int position = 0;
    for (ObjectNode override : DeclaredTree.objects(overrides, "containerOverrides")) {
      String at = "containerOverrides[" + position++ + "].";
      String path = at + "name";
      String name = DeclaredTree.text(override, "name").orElse("");
      if (name.isEmpty()) {
        throw new InvalidDeclaration(path, "Container override name must be specified.");
      }
      ObjectNode container =
          DeclaredTree.objects(declaration, "containerDefinitions").stream()
              .filter(it -> it.path("name").asText().equals(name))
              .findFirst()
              .orElseThrow(() -> unknown(path, name));
      Optional<String> refused = FargateRules.gpu(override);
      if (refused.isPresent()) {
        throw new InvalidDeclaration(at + "resourceRequirements", refused.get());
      }
      CONTAINER_MEMBERS.forEach(member -> replace(container, override, member));
      addAll(container, override, "environment");
    }
  }

  private static void replace(ObjectNode target, ObjectNode override, String member) {
    if (DeclaredTree.has(override, member)) {
      target.set(member, override.get(member));
    }
  }

  /** What comes later is stronger. */
  private static void addAll(ObjectNode target, ObjectNode override, String member) {
    JsonNode added = override.path(member);
    if (added.isArray()) {
      ArrayNode list =
          target.path(member) instanceof ArrayNode known ? known : target.putArray(member);
      added.forEach(list::add);
    }
  }

  private static InvalidDeclaration unknown(String path, String name) {
    return new InvalidDeclaration(
        path,
        "Override for container named " + name + " is not a container in the TaskDefinition.");
  }
}
