package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Declared;
import dev.berth.model.task.FargateSizes;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a declaration that is to be registered, and brings it into the form that AWS shows:
 * amounts as integers, and what was left out as AWS fills it in, since clients compare the two.
 */
public final class Registration {
  private Registration() {}

  /**
   * All that keeps a declaration from being registered, in the order in which AWS would tell it.
   *
   * @param declaration of the official RegisterTaskDefinitionRequest shape
   */
  public static List<Violation> violations(Declared declaration) {
    ObjectNode task = DeclaredTree.of(declaration);
    var violations = new ArrayList<Violation>(Rule.violations(EveryTaskRules.ALL, task));
    if (Compatibilities.requiresFargate(task)) {
      violations.addAll(FargateRules.violations(task));
    }
    return List.copyOf(violations);
  }

  /**
   * The declaration as it is kept and shown.
   *
   * @throws InvalidDeclaration if it cannot be registered
   */
  public static Declared normalForm(Declared declaration) throws InvalidDeclaration {
    List<Violation> violations = violations(declaration);
    if (!violations.isEmpty()) {
      throw new InvalidDeclaration(violations);
    }
    ObjectNode task = DeclaredTree.of(declaration);
    task.remove("family"); // They are not part of a revision's declaration.
    task.remove("tags");
    FargateSizes.cpuUnits(task.path("cpu").asText())
        .ifPresent(units -> task.put("cpu", units.toString()));
    FargateSizes.memoryMib(task.path("memory").asText())
        .ifPresent(mib -> task.put("memory", mib.toString()));
    boolean awsvpc = Compatibilities.usesAwsvpc(task);
    if (awsvpc) {
      task.put("networkMode", "awsvpc");
    }
    List.of("volumes", "placementConstraints").forEach(member -> listAtLeast(task, member));
    objects(task, "containerDefinitions").forEach(container -> fill(container, awsvpc));
    return DeclaredTree.text(task);
  }

  private static void fill(ObjectNode container, boolean awsvpc) {
    putIfAbsent(container, "cpu", 0);
    if (!container.has("essential")) {
      container.put("essential", true);
    }
    List.of("portMappings", "environment", "mountPoints", "volumesFrom", "systemControls")
        .forEach(member -> listAtLeast(container, member));
    objects(container, "portMappings").forEach(mapping -> fillPort(mapping, awsvpc));
    if (container.path("logConfiguration") instanceof ObjectNode log) {
      listAtLeast(log, "secretOptions");
    }
    if (container.path("healthCheck") instanceof ObjectNode check) {
      putIfAbsent(check, "interval", 30);
      putIfAbsent(check, "timeout", 5);
      putIfAbsent(check, "retries", 3);
    }
  }

  private static void fillPort(ObjectNode mapping, boolean awsvpc) {
    if (!mapping.has("protocol")) {
      mapping.put("protocol", "tcp");
    }
    if (mapping.has("containerPort") && mapping.path("hostPort").asInt() == 0) {
      mapping.put("hostPort", awsvpc ? mapping.path("containerPort").asInt() : 0);
    }
  }

  private static void putIfAbsent(ObjectNode object, String member, int value) {
    if (!object.has(member)) {
      object.put(member, value);
    }
  }

  private static void listAtLeast(ObjectNode object, String member) {
    if (!object.has(member)) {
      object.putArray(member);
    }
  }
}
