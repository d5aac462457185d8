package dev.berth.agent.runtime;

import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The layout of the runtime's files.
 *
 * @param state of this boot's containers; worthless after a reboot
 * @param outputs what the containers wrote; kept until the agent deletes it
 */
record RuntimeFolders(Path state, Path outputs) {
  void make() throws IOException {
    Files.createDirectories(containers());
    Files.createDirectories(sockets());
    Files.createDirectories(oci());
    Files.createDirectories(outputs);
    // Configurations hold secrets, and the OCI runtime keeps copies of them.
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
  }

  Path containers() {
    return state.resolve("containers");
  }

  /** conmon's links to its sockets. */
  Path sockets() {
    return state.resolve("sockets");
  }

  /** The OCI runtime's own state. */
  Path oci() {
    return state.resolve("oci");
  }

  Path task(TaskId task) {
    return containers().resolve(task.value());
  }

  Bundle bundle(ContainerKey key) {
    return new Bundle(key, task(key.task()).resolve(key.fileName()));
  }

  Path output(ContainerKey key) {
    return outputs.resolve(key.task().value()).resolve(key.fileName() + ".log");
  }

  Path socketLink(ContainerKey key) {
    return sockets().resolve(key.digest());
  }
}
