package dev.berth.agent.image;

import dev.berth.model.image.ImageConfig;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Images as tasks use them: what a task has resolved stays here until the task is released.
 *
 * <p>Every operation may be repeated.
 */
public interface TaskImages {
  /**
   * An image that is here and unpacked.
   *
   * @param digest of the platform's manifest, with its algorithm
   * @param layers the lowest first
   */
  record TaskImage(String digest, ImageConfig config, List<Path> layers) {
    public TaskImage {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Makes an image ready for a task, pulling it where it must.
   *
   * @param reference as it was declared
   * @throws IOException whose message begins with {@code CannotPullContainerError}
   */
  TaskImage resolve(TaskId task, String reference) throws IOException;

  /** The task needs none of its images any more. */
  void release(TaskId task) throws IOException;

  /** The tasks that hold an image. */
  Set<TaskId> list() throws IOException;
}
