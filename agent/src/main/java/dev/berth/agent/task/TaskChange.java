package dev.berth.agent.task;

import dev.berth.link.message.TaskAssignment;

/** Something that happened to a task on this host. */
sealed interface TaskChange {
  /** Control told it again, perhaps with a reason to stop. */
  record Told(TaskAssignment assignment) implements TaskChange {}

  /** Control does not list it any more. */
  record NoLongerWanted() implements TaskChange {}

  /** Its network is broken and could not be repaired. */
  record NetworkLost(String why) implements TaskChange {}

  record StepDone(TaskStep step, Outcome outcome, Span span) implements TaskChange {}

  /** The step failed; {@code why} says which operation on what. */
  record StepFailed(TaskStep step, String why) implements TaskChange {}

  /**
   * When a step was done.
   *
   * @param startEpochMicros wall clock, microseconds since 1970
   * @param durationMicros from the monotonic clock
   */
  record Span(long startEpochMicros, long durationMicros) {}
}
