package dev.berth.agent.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that makes containers by the OCI runtime specification, and how to call it.
 *
 * @param name such as {@code crun}
 * @param arguments before every command
 * @param folder where it keeps its state, one folder a container
 * @param startsByPipe whether a byte written to the {@link #startPipe} is all of its start command
 */
record OciRuntime(
    String name, Path program, List<String> arguments, Path folder, boolean startsByPipe) {
  OciRuntime {
    arguments = List.copyOf(arguments);
  }

  static OciRuntime crun(Path program, Path folder) {
    return new OciRuntime(
        "crun", program, List.of("--root=" + folder, "--cgroup-manager=cgroupfs"), folder, true);
  }

  /** It uses cgroupfs unless told otherwise. */
  static OciRuntime runc(Path program, Path folder) {
    return new OciRuntime("runc", program, List.of("--root=" + folder), folder, false);
  }

  List<String> command(String... words) {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(arguments);
    command.addAll(List.of(words));
    return command;
  }

  /**
   * The pipe at which a created container's process waits for its start. Both runtimes remove it
   * when they start the container, so it tells a created one from a running one.
   */
  Path startPipe(ContainerKey key) {
    return folder.resolve(key.runtimeId()).resolve("exec.fifo");
  }
}
