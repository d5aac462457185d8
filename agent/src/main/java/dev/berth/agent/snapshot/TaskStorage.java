package dev.berth.agent.snapshot;

import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One folder a task, for all that it writes, with a bound where this machine can keep one.
 *
 * <p>Every operation may be repeated, and be called by several threads.
 */
public interface TaskStorage {
  /** How the bound is kept, in a word for the operator. */
  String kind();

  /**
   * Makes the task's folder, unless it is there.
   *
   * @param sizeGib what fits into it
   */
  void reserve(TaskId task, int sizeGib) throws IOException, InterruptedException;

  /** The task's folder by its real path, if it was made. */
  Optional<Path> find(TaskId task) throws IOException;

  /** What the task has written and not deleted, in bytes; empty where nobody counts it. */
  OptionalLong usedBytes(TaskId task) throws IOException;

  /** Deletes the folder with all in it. Nothing may be mounted below it. */
  void remove(TaskId task) throws IOException;

  /** The tasks that have a folder. */
  Set<TaskId> list() throws IOException;

  /** Gives back what is kept ready for tasks to come. */
  void retire() throws IOException;
}
