package dev.berth.agent.cgroup;

import dev.berth.agent.linux.Mounts;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * This machine's cgroups as they are mounted: version 2 alone, or version 1 with or without a
 * version 2 hierarchy beside it (hybrid).
 */
public final class HostCgroups implements Cgroups {
  /** Which of the two interfaces carries the limits. */
  public enum Version {
    V1,
    V2
  }

  /** What a task may have of processes and threads, so that a fork bomb ends in its own task. */
  public static final int TASK_PROCESS_COUNT_MAX = 16_384;

  private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");
  private static final Pattern PARENT_FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final String parent;
  private final Version version;

  /** The mounted hierarchies by controller, and under the empty name that of version 2. */
  private final Map<String, CgroupTree> hierarchies;

  private final MoveReadiness moves;

  private HostCgroups(String parent, Version version, Map<String, CgroupTree> hierarchies) {
    this.parent = parent;
    this.version = version;
    this.hierarchies = hierarchies;
    var controller = version == Version.V2 ? "" : "pids";
    this.moves = MoveReadiness.start(tree(controller).folder(), controller);
  }

  /**
   * Finds out what the machine has and prepares it: on version 2 the controllers are enabled; on a
   * hybrid machine whose hugetlb controller is on the version 2 side it is mounted as version 1,
   * because crun refuses a machine that has controllers on both sides.
   *
   * @param parent the folder of all cgroups of this agent, unlike that of any other agent here
   * @throws IOException when a controller is missing; the message says which
   */
  public static HostCgroups open(String parent) throws IOException {
    if (!PARENT_FORM.matcher(parent).matches()) {
      throw new IllegalArgumentException("'" + parent + "' cannot be the name of a cgroup");
    }
    var found = mounted();
    var unified = Optional.ofNullable(found.get(""));
    if (unified.isPresent() && found.size() == 1) {
      var cgroups = new HostCgroups(parent, Version.V2, found);
      cgroups.enableControllers(unified.get());
      return cgroups;
    }
    for (var controller : CONTROLLERS) {
      if (!found.containsKey(controller)) {
        throw new IOException(
            "the cgroup controller '" + controller + "' is not mounted under " + ROOT);
      }
    }
    if (unified.isPresent()
        && List.of(unified.get().read("cgroup.controllers").orElse("").split(" ", -1))
            .contains("hugetlb")) {
      var target = ROOT.resolve("hugetlb");
      Files.createDirectories(target);
      Mounts.mount("cgroup", "cgroup", target, 0, "hugetlb");
      found.put("hugetlb", new CgroupTree(target));
    }
    return new HostCgroups(parent, Version.V1, found);
  }

  private static Map<String, CgroupTree> mounted() throws IOException {
    var found = new LinkedHashMap<String, CgroupTree>();
    for (var mount : Mounts.list()) {
      var tree = new CgroupTree(mount.target());
      if (!mount.target().startsWith(ROOT)) {
        continue; // A second view, such as a container's.
      }
      if (mount.type().equals("cgroup2")) {
        found.put("", tree);
      } else if (mount.type().equals("cgroup")) {
        mount.superOptions().stream()
            .filter(option -> !option.equals("rw") && !option.equals("ro"))
            .forEach(option -> found.put(option, tree));
      }
    }
    if (found.isEmpty()) {
      throw new IOException("no cgroup file system is mounted under " + ROOT);
    }
    return found;
  }

  private void enableControllers(CgroupTree unified) throws IOException {
    var available = List.of(unified.read("cgroup.controllers").orElse("").split(" ", -1));
    for (var controller : CONTROLLERS) {
      if (!available.contains(controller)) {
        throw new IOException("this machine has no cgroup controller '" + controller + "'");
      }
    }
    enableBelow(unified);
    unified.child(parent).make();
    enableBelow(unified.child(parent));
  }

  private static void enableBelow(CgroupTree tree) throws IOException {
    var enabled = List.of(tree.read("cgroup.subtree_control").orElse("").split(" ", -1));
    for (var controller : CONTROLLERS) {
      if (!enabled.contains(controller)) {
        tree.write("cgroup.subtree_control", "+" + controller);
      }
    }
  }

  public Version version() {
    return version;
  }

  /** The cgroup's path from the root under which all of this agent's are. */
  public String parentPath() {
    return "/" + parent;
  }

  @Override
  public void create(TaskId task, TaskSize size) throws IOException {
    switch (version) {
      case V2 -> {
        var tree = taskTree("", task);
        tree.make();
        enableBelow(tree);
        CgroupLimits.applyV2(tree, size);
      }
      case V1 -> {
        for (var controller : CONTROLLERS) {
          taskTree(controller, task).make();
        }
        CgroupLimits.applyV1(
            taskTree("cpu", task), taskTree("memory", task), taskTree("pids", task), size);
      }
    }
  }

  @Override
  public void expectContainer() {
    moves.expect();
  }

  @Override
  public String containerPath(TaskId task, ContainerSpec container) {
    return "/" + parent + "/" + task + "/" + folderName(task, container.name());
  }

  /** A prefix, because a cgroup's own files, such as v1's "tasks", are beside its children. */
  private static String folderName(TaskId task, String containerName) {
    return "c-" + new ContainerKey(task, containerName).fileName();
  }

  @Override
  public boolean outOfMemory(TaskId task, String containerName) throws IOException {
    var folder = folderName(task, containerName);
    // Both count where the victim was, so a kill for the task's limit is told per container too.
    return switch (version) {
      case V2 -> taskTree("", task).child(folder).count("memory.events", "oom_kill") > 0;
      case V1 -> taskTree("memory", task).child(folder).count("memory.oom_control", "oom_kill") > 0;
    };
  }

  @Override
  public Usage usage(TaskId task, String containerName) throws IOException {
    var folder = folderName(task, containerName);
    return switch (version) {
      case V2 -> {
        var tree = taskTree("", task).child(folder);
        yield new Usage(
            TimeUnit.MICROSECONDS.toNanos(tree.count("cpu.stat", "usage_usec")),
            number(tree, "memory.current"),
            Math.min(number(tree, "memory.max"), number(taskTree("", task), "memory.max")),
            number(tree, "pids.current"));
      }
      case V1 -> {
        var memory = taskTree("memory", task).child(folder);
        var cpu = hierarchies.containsKey("cpuacct") ? "cpuacct" : "cpu";
        yield new Usage(
            number(taskTree(cpu, task).child(folder), "cpuacct.usage"),
            number(memory, "memory.usage_in_bytes"),
            Math.min(
                number(memory, "memory.limit_in_bytes"),
                number(taskTree("memory", task), "memory.limit_in_bytes")),
            number(taskTree("pids", task).child(folder), "pids.current"));
      }
    };
  }

  /** 0 where the cgroup has gone; the largest number for v2's word for no limit. */
  private static long number(CgroupTree tree, String file) throws IOException {
    var text = tree.read(file).map(String::strip).orElse("0");
    return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
  }

  @Override
  public void remove(TaskId task) throws IOException {
    for (var controller : hierarchies.keySet()) {
      var tree = taskTree(controller, task);
      if (tree.exists()) {
        if (tree.has("pids.max")) {
          tree.write("pids.max", "0"); // Nothing forks faster than it is killed.
        }
        tree.killAll();
      }
    }
    for (var controller : hierarchies.keySet()) {
      taskTree(controller, task).remove();
    }
  }

  @Override
  public Set<TaskId> list() throws IOException {
    var tasks = new TreeSet<TaskId>();
    for (var hierarchy : hierarchies.values()) {
      hierarchy.child(parent).childNames().stream()
          .filter(TaskId::isForm)
          .map(TaskId::new)
          .forEach(tasks::add);
    }
    return tasks;
  }

  @Override
  public void retire() throws IOException {
    if (list().isEmpty()) {
      for (var hierarchy : hierarchies.values()) {
        hierarchy.child(parent).remove();
      }
    }
  }

  private CgroupTree taskTree(String controller, TaskId task) {
    return tree(controller).child(parent).child(task.value());
  }

  private CgroupTree tree(String controller) {
    var hierarchy = hierarchies.get(controller);
    if (hierarchy == null) {
      throw new IllegalStateException("no cgroup hierarchy '" + controller + "'");
    }
    return hierarchy;
  }
}
