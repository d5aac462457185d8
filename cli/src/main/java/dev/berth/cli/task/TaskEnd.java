package dev.berth.cli.task;

/** How a task ended. */
public sealed interface TaskEnd {

  /**
   * Its container's process ended by itself or by a signal.
   *
   * @param note why, if there is more to say than the code, such as running out of memory
   */
  record Exited(int code, String note) implements TaskEnd {}

  /** It ended, and its container never gave an exit code. */
  record NeverRan(String reason) implements TaskEnd {}
}
