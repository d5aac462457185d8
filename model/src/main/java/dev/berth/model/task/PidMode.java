package dev.berth.model.task;

/** Whose processes a task's containers see, where it is not only each its own. */
public enum PidMode {
  /** All containers of the task share one process namespace. */
  TASK
}
