package dev.berth.agent.task;

import dev.berth.model.task.TaskId;
import java.time.Duration;

/**
 * Where steps are done, so that a test may do them one by one in an order that it chose.
 *
 * <p>Never does a step on the caller's thread before the call has returned.
 */
public interface Work extends AutoCloseable {
  /** Does it after the pause, on a thread that may block. */
  Job begin(TaskId task, TaskStep step, Duration pause, Runnable doing);

  /** Does it after the pause; for what is no step. */
  void later(Duration pause, Runnable doing);

  /** Gives up everything that is going on. */
  @Override
  void close();

  /** Work that was begun. */
  interface Job {
    /** Gives it up: it may still come to its end. */
    void cancel();
  }
}
