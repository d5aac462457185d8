package dev.berth.agent.cgroup;

import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSize;
import java.io.IOException;
import java.util.Set;

/**
 * The cgroups of this host's tasks, on cgroup v2 and on v1 or hybrid machines alike.
 *
 * <p>Every operation may be repeated: what is there already, or gone already, is no failure.
 */
public interface Cgroups {
  /** Makes the task's cgroup, with its CPU and memory as limits. */
  void create(TaskId task, TaskSize size) throws IOException;

  /** Tells that a launch has begun: within the next moments a container gets a cgroup. */
  void expectContainer();

  /** The path, from the cgroup root, that the runtime is told for a container of the task. */
  String containerPath(TaskId task, ContainerSpec container);

  /** Whether the kernel's memory killer has struck in that container since it was created. */
  boolean outOfMemory(TaskId task, String containerName) throws IOException;

  /**
   * What a container has taken.
   *
   * @param cpuNanos of all processors together, since it was created
   * @param memoryBytes now
   * @param memoryLimitBytes its own, or else its task's
   */
  record Usage(long cpuNanos, long memoryBytes, long memoryLimitBytes, long processCount) {}

  /** What that container has taken until now. */
  Usage usage(TaskId task, String containerName) throws IOException;

  /** Kills every process in the task's cgroup and removes it with all below it. */
  void remove(TaskId task) throws IOException;

  /** The tasks that have a cgroup now: what a sweep compares with the journal. */
  Set<TaskId> list() throws IOException;

  /**
   * Removes the parent of all tasks' cgroups, once there is none. For an agent that ends for good.
   */
  void retire() throws IOException;
}
