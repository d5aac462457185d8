package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.task.VolumeMount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles which volumes a container sees: its own mount points, and those of volumesFrom. Pure.
 */
final class MountCompiler {
  private MountCompiler() {}

  /** At each path of the container at most one; its own come before those of others. */
  static List<VolumeMount> compile(ObjectNode container, ObjectNode task) {
    var mounts = new LinkedHashMap<String, VolumeMount>();
    collect(container, false, task, new HashSet<>(), mounts);
    return new ArrayList<>(mounts.values());
  }

  private static void collect(
      ObjectNode container,
      boolean readOnly,
      ObjectNode task,
      Set<String> visited,
      Map<String, VolumeMount> mounts) {
    if (!visited.add(container.path("name").asText())) {
      return;
    }
    for (ObjectNode point : objects(container, "mountPoints")) {
      String path = point.path("containerPath").asText();
      mounts.putIfAbsent(
          path,
          new VolumeMount(
              point.path("sourceVolume").asText(),
              path,
              readOnly || point.path("readOnly").asBoolean()));
    }
    for (ObjectNode from : objects(container, "volumesFrom")) {
      String source = from.path("sourceContainer").asText();
      boolean read = readOnly || from.path("readOnly").asBoolean();
      objects(task, "containerDefinitions").stream()
          .filter(each -> each.path("name").asText().equals(source))
          .forEach(each -> collect(each, read, task, visited, mounts));
    }
  }
}
