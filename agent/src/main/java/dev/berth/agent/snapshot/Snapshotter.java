package dev.berth.agent.snapshot;

import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes and removes root file systems.
 *
 * <p>Every operation may be repeated: what is there already, or gone already, is no failure.
 */
public interface Snapshotter {
  /**
   * Sets aside what the task's containers may write; first of all.
   *
   * @param sizeGib a write past it fails for want of space, and touches nobody else
   */
  void reserve(TaskId task, int sizeGib) throws IOException, InterruptedException;

  /**
   * Mounts a container's root file system: a fresh writable layer over the image's.
   *
   * @param layers unpacked, the lowest first
   * @return where it is mounted
   */
  Path mount(TaskId task, String containerName, List<Path> layers) throws IOException;

  /**
   * Makes all volumes of a task, unless they are there already. Each begins with what the first of
   * its seeds has that has anything.
   *
   * @param seeds of containers whose root file systems are mounted
   */
  void makeVolumes(TaskId task, List<VolumeSeed> seeds) throws IOException, InterruptedException;

  /** Where a volume of the task is. */
  Path volume(TaskId task, String name) throws IOException;

  /** What the task's containers have written, in bytes; empty where nobody counts it. */
  OptionalLong usedBytes(TaskId task) throws IOException;

  /**
   * Unmounts all root file systems of the task and deletes what was written in them and in its
   * volumes.
   */
  void remove(TaskId task) throws IOException;

  /** The tasks that have a mount or a writable layer now. */
  Set<TaskId> list() throws IOException;
}
