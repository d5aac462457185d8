package dev.berth.agent.task;

import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.util.Map;

/**
 * Where the values of a task's secrets, and of what its environment files say, come from. They are
 * kept nowhere on this host's disk.
 */
@FunctionalInterface
public interface TaskSecrets {
  /**
   * The values by container and variable; waits as long as nobody can be asked.
   *
   * @throws IOException whose message names what cannot be had
   */
  Map<String, Map<String, String>> values(TaskId task) throws IOException, InterruptedException;
}
