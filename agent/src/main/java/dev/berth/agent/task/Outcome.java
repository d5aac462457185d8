package dev.berth.agent.task;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What a step brought. */
sealed interface Outcome {
  /** The step is done, and there is nothing to say of it. */
  record Done() implements Outcome {}

  record Resolved(String digest, Optional<String> stopSignal) implements Outcome {}

  /** How an inspected container stands, when it has not ended. */
  record Stands(ContainerProgress.Standing standing) implements Outcome {}

  /**
   * The container's process has ended.
   *
   * @param exitCode empty when nobody knows it
   */
  record Ended(
      OptionalInt exitCode, Instant at, boolean outOfMemory, Optional<Instant> firstOutputAt)
      implements Outcome {}

  /** Whether the health check ended with exit code 0 in its time. */
  record Checked(boolean passed) implements Outcome {}

  record FirstOutput(Optional<Instant> at) implements Outcome {}
}
