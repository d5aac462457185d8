package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.Rule.when;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the containers can start at all: none may wait for itself, however indirectly. */
final class StartOrder {
  private StartOrder() {}

  static Optional<String> complaint(ObjectNode task) {
    List<ObjectNode> waiting = objects(task, "containerDefinitions");
    Set<String> known = new HashSet<>();
    waiting.forEach(container -> known.add(container.path("name").asText()));
    Set<String> started = new HashSet<>();
    // Each round starts those whose dependencies all have; in a circle none does.
    for (int round = waiting.size(); round > 0 && !waiting.isEmpty(); round--) {
      List<ObjectNode> next =
          waiting.stream().filter(container -> waits(container, known, started)).toList();
      waiting.stream()
          .filter(container -> !next.contains(container))
          .forEach(container -> started.add(container.path("name").asText()));
      waiting = next;
    }
    return when(!waiting.isEmpty(), "The containers' dependencies form a circle.");
  }

  private static boolean waits(ObjectNode container, Set<String> known, Set<String> started) {
    return objects(container, "dependsOn").stream()
        .map(dependency -> dependency.path("containerName").asText())
        .anyMatch(name -> known.contains(name) && !started.contains(name));
  }
}
