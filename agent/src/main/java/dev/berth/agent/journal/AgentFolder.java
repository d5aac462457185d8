package dev.berth.agent.journal;

import dev.berth.model.task.TaskId;
import java.nio.file.Path;
import java.util.Optional;

/** The layout of the agent's own files. */
public record AgentFolder(Path root) {
  private static final String SUFFIX = ".json";

  Path hostId() {
    return root.resolve("host-id");
  }

  /** The highest generation of a connection that was ever seen. */
  Path generation() {
    return root.resolve("generation");
  }

  /** How often an agent has started here. */
  Path incarnation() {
    return root.resolve("incarnation");
  }

  /** Tasks of which control has not yet acknowledged the end. */
  Path tasks() {
    return root.resolve("tasks");
  }

  /** Tasks that are over and kept for their output, and so that none is run again. */
  Path ended() {
    return root.resolve("ended");
  }

  Path task(TaskId id) {
    return tasks().resolve(id + SUFFIX);
  }

  Path ended(TaskId id) {
    return ended().resolve(id + SUFFIX);
  }

  /** The task whose file it is; not the half-written file of a killed agent. */
  static Optional<TaskId> taskOf(Path file) {
    var name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    var id = name.substring(0, name.length() - SUFFIX.length());
    return TaskId.isForm(id) ? Optional.of(new TaskId(id)) : Optional.empty();
  }
}
