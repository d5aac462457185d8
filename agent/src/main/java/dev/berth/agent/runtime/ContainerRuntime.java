package dev.berth.agent.runtime;

import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Runs containers, each under a monitor process that outlives this one: the monitor owns the exit
 * file and the output, so a killed agent loses neither.
 *
 * <p>Every operation may be repeated. A failure is a {@link RuntimeFailure} that says what the
 * runtime said.
 */
public interface ContainerRuntime {
  /** How a container stands, read from the kernel and the monitor's files. */
  sealed interface Status {
    /** It does not exist, or was created only in part; {@link #create} begins anew. */
    record Absent() implements Status {}

    /** Created, and its process not yet started. */
    record Created(long pid) implements Status {}

    record Running(long pid) implements Status {}

    /**
     * Its process has ended and all of its output is in the file.
     *
     * @param exitCode empty when the monitor died without writing it: it is never invented
     */
    record Exited(OptionalInt exitCode, Instant at) implements Status {}
  }

  /**
   * Creates the container: namespaces, mounts and cgroup are there, its process waits. One that is
   * created already is left as it is.
   */
  void create(ContainerPlan plan) throws IOException;

  /** Lets the process of a created container run. */
  void start(ContainerKey key) throws IOException;

  /** How the container stands now. */
  Status status(ContainerKey key) throws IOException;

  /**
   * Blocks until the container's process has ended, whether this process created it or adopted it
   * after a restart. Must be called on a virtual thread: it parks, it does not pin.
   */
  Status.Exited awaitExit(ContainerKey key) throws IOException, InterruptedException;

  /** Sends a signal to the container's init process. A process that has ended is no failure. */
  void signal(ContainerKey key, int signal) throws IOException;

  /**
   * Runs a program inside the running container, as the container's own user and with its
   * environment, and waits for its end.
   *
   * @param timeout after which the program is killed
   * @return whether it ended with exit code 0 in that time
   */
  boolean check(ContainerKey key, List<String> command, Duration timeout)
      throws IOException, InterruptedException;

  /** Removes the container and everything of its runtime and monitor but its output. */
  void delete(ContainerKey key) throws IOException;

  /** Where the container's output is kept; see {@link OutputReader}. */
  Path outputFile(ContainerKey key);

  /** When the container's first byte of output was written, if any was. */
  Optional<Instant> firstOutputAt(ContainerKey key) throws IOException;

  /** Deletes the output of all containers of a task. */
  void deleteOutput(TaskId task) throws IOException;

  /** The tasks of which output is kept. */
  Set<TaskId> outputs() throws IOException;

  /** All containers that the runtime or a monitor still knows. */
  Set<ContainerKey> list() throws IOException;
}
