package dev.berth.agent.runtime;

import dev.berth.agent.Busybox;
import dev.berth.agent.cgroup.HostCgroups;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.agent.linux.ReadinessWatcher;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.image.ImageConfig;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.PidMode;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSize;
import dev.berth.model.task.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/** A real runtime with real cgroups in a temporary folder, and busybox as the only image. */
final class RuntimeRoom implements AutoCloseable {
  static final TaskSize SIZE = new TaskSize(512, 128);

  final Path folder;
  final String parent;
  final ReadinessWatcher watcher;
  final HostCgroups cgroups;
  final Path network;
  final Set<TaskId> tasks = new HashSet<>();
  final List<ConmonRuntime> opened = new ArrayList<>();

  RuntimeRoom() throws Exception {
    folder = Files.createTempDirectory("berth-test-");
    parent = "berth-test-" + UUID.randomUUID().toString().substring(0, 8);
    watcher = new ReadinessWatcher();
    cgroups = HostCgroups.open(parent);
    network = Files.createFile(folder.resolve("network"));
    Namespaces.inNewNetwork(
        () -> {
          Mounts.bind(Namespaces.OWN_NETWORK, network);
          return network;
        });
  }

  /** A runtime as a started, or restarted, agent has it. */
  ConmonRuntime open() throws Exception {
    var runtime =
        ConmonRuntime.open(
            folder.resolve("state"),
            folder.resolve("outputs"),
            cgroups.parentPath(),
            watcher,
            InstantSource.system());
    opened.add(runtime);
    return runtime;
  }

  /** A root file system with busybox and the files of /etc that name root and one user. */
  Path rootFilesystem(TaskId task) throws IOException {
    var root = Files.createTempDirectory(folder, "root-" + task.value());
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("etc"));
    Files.createDirectories(root.resolve("tmp"));
    Files.copy(Busybox.path(), root.resolve("bin/busybox"));
    root.resolve("bin/busybox").toFile().setExecutable(true, false);
    for (var name :
        List.of(
            "sh", "cat", "id", "sleep", "env", "dd", "unshare", "ls", "printf", "head", "wc",
            "grep", "mkdir", "touch", "true")) {
      Files.createSymbolicLink(root.resolve("bin/" + name), Path.of("busybox"));
    }
    Files.writeString(
        root.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\nworker:x:1000:1001::/home/worker:/bin/sh\n");
    Files.writeString(
        root.resolve("etc/group"), "root:x:0:\nworkers:x:1001:\nextra:x:2000:worker\n");
    return root;
  }

  /** The start of a plan; tests change what they are about. */
  Draft shell(String script) throws IOException {
    return new Draft("main", script);
  }

  final class Draft {
    final ContainerKey key;
    final Path root;
    List<String> command;
    Optional<String> user = Optional.empty();
    Optional<String> workingDirectory = Optional.empty();
    Map<String, String> environment = Map.of();
    OptionalInt memoryMib = OptionalInt.empty();
    boolean readonlyRoot;
    Optional<PidMode> pidMode = Optional.empty();
    List<VolumeMount> mounts = List.of();
    Map<String, Path> volumes = Map.of();
    boolean terminal;
    LinuxParameters linux = LinuxParameters.NONE;

    Draft(String name, String script) throws IOException {
      this(new TaskId(UUID.randomUUID().toString().replace("-", "")), name, script);
    }

    Draft(TaskId task, String name, String script) throws IOException {
      tasks.add(task);
      key = new ContainerKey(task, name);
      root = rootFilesystem(task);
      command = List.of("/bin/sh", "-c", script);
    }

    ContainerPlan plan() throws IOException {
      cgroups.create(key.task(), SIZE);
      var spec =
          new ContainerSpec(
              key.name(),
              "busybox",
              true,
              Optional.of(command),
              Optional.empty(),
              environment,
              user,
              workingDirectory,
              0,
              memoryMib,
              OptionalInt.empty(),
              30,
              readonlyRoot,
              false,
              terminal,
              linux,
              Optional.empty(),
              Optional.of(mounts),
              Optional.empty());
      return new ContainerPlan(
          key,
          spec,
          SIZE,
          new ImageConfig(
              Map.of("IMAGE", "yes"),
              List.of(),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              Optional.empty()),
          root,
          volumes,
          network,
          "100.64.0.9",
          cgroups.containerPath(key.task(), spec),
          Map.of("BERTH", "yes"),
          "host-of-" + key.name(),
          Optional.empty(),
          pidMode);
    }
  }

  /** Runs it to its end and gives what it wrote on both streams, partial lines put together. */
  String run(ConmonRuntime runtime, Draft draft) throws Exception {
    runtime.create(draft.plan());
    runtime.start(draft.key);
    runtime.awaitExit(draft.key);
    return output(runtime, draft.key);
  }

  static String output(ConmonRuntime runtime, ContainerKey key) throws IOException {
    var text = new StringBuilder();
    for (var line : new ConmonOutput().read(runtime.outputFile(key), 0, 1 << 20).lines()) {
      text.append(StandardCharsets.UTF_8.decode(line.bytes().duplicate()));
      if (!line.partial()) {
        text.append('\n');
      }
    }
    return text.toString();
  }

  /** Waits for exactly that output; bounded by the test's own patience. */
  static void awaitOutput(ConmonRuntime runtime, ContainerKey key, String expected)
      throws IOException, InterruptedException {
    for (int look = 0; look < 1_000 && !output(runtime, key).equals(expected); look++) {
      Thread.sleep(10);
    }
  }

  @Override
  public void close() throws IOException {
    for (var runtime : opened.stream().limit(1).toList()) {
      for (var key : runtime.list()) {
        runtime.delete(key);
      }
    }
    for (var task : tasks) {
      cgroups.remove(task);
    }
    cgroups.retire();
    Mounts.unmount(network);
    watcher.close();
    TreeRemoval.remove(folder);
  }

  static boolean isAlive(ProcessIdentity process) {
    try {
      return process.isAlive();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
