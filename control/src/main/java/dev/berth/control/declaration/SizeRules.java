package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.number;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.DeclaredTree.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.task.FargateSizes;
import dev.berth.model.task.TaskSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What holds of a task's size, at registration and again when a start overrides it. */
final class SizeRules {
  static final String CPU_AND_MEMORY_NEEDED =
      "Fargate requires that 'cpu' be defined at the task level.";

  private static final String STORAGE = "ephemeralStorage.sizeInGiB";
  private static final int STORAGE_GIB_MIN = 21;
  private static final int STORAGE_GIB_MAX = 200;

  private SizeRules() {}

  /** The size, if CPU and memory are both declared and are amounts. */
  static Optional<TaskSize> size(JsonNode task) {
    Optional<Integer> cpuUnits = text(task, "cpu").flatMap(FargateSizes::cpuUnits);
    Optional<Integer> memoryMib = text(task, "memory").flatMap(FargateSizes::memoryMib);
    return cpuUnits.flatMap(cpu -> memoryMib.map(memory -> new TaskSize(cpu, memory)));
  }

  /** On Fargate. */
  static List<Violation> violations(JsonNode task) {
    var violations = new ArrayList<Violation>();
    if (!has(task, "cpu")) {
      violations.add(new Violation("cpu", CPU_AND_MEMORY_NEEDED));
    }
    if (!has(task, "memory")) {
      violations.add(
          new Violation("memory", "Fargate requires that 'memory' be defined at the task level."));
    }
    if (violations.isEmpty()) {
      Optional<TaskSize> size = size(task).filter(FargateSizes::isOffered);
      if (size.isEmpty()) {
        violations.add(new Violation("cpu", notOffered(task)));
      } else {
        violations.addAll(containerViolations(task, size.get()));
      }
    }
    int storageGib = number(task.path("ephemeralStorage"), "sizeInGiB").orElse(STORAGE_GIB_MIN);
    if (storageGib < STORAGE_GIB_MIN) {
      violations.add(new Violation(STORAGE, "EphemeralStorage size should be at least 21"));
    }
    if (storageGib > STORAGE_GIB_MAX) {
      violations.add(new Violation(STORAGE, "EphemeralStorage size should be at most 200"));
    }
    return violations;
  }

  private static String notOffered(JsonNode task) {
    String cpu = task.path("cpu").asText();
    String memory = task.path("memory").asText();
    return "No Fargate configuration exists for given values: "
        + FargateSizes.cpuUnits(cpu).map(String::valueOf).orElse(cpu)
        + " CPU, "
        + FargateSizes.memoryMib(memory).map(String::valueOf).orElse(memory)
        + " memory. See the Amazon ECS documentation for the valid values.";
  }

  private static List<Violation> containerViolations(JsonNode task, TaskSize size) {
    var violations = new ArrayList<Violation>();
    long cpuUnits = 0;
    int position = 0;
    for (ObjectNode container : objects(task, "containerDefinitions")) {
      String path = "containerDefinitions[" + position++ + "].";
      cpuUnits += container.path("cpu").asInt();
      for (String member : List.of("memory", "memoryReservation")) {
        if (number(container, member).orElse(0) > size.memoryMib()) {
          violations.add(
              new Violation(
                  path + member,
                  "The '%s' setting for container '%s' is greater than for the task."
                      .formatted(member, container.path("name").asText())));
        }
      }
    }
    if (cpuUnits > size.cpuUnits()) {
      violations.add(
          new Violation(
              "containerDefinitions",
              "The sum of all container 'cpu' values cannot be greater than the value of the task"
                  + " 'cpu'."));
    }
    return violations;
  }
}
