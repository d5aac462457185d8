package dev.berth.agent.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The process namespace that the containers of a task share, where it declares one.
 *
 * <p>Its first process is a container of its own that only waits and reaps: with no capability, an
 * empty root and the containers' own filter of system calls, as others of the namespace may trace
 * it. It is there as long as any container of the task is.
 */
final class SharedPids {
  /** Beside the containers' bundles, with a name that none of them can have. */
  static final String FOLDER = "pids.holder";

  /** Nobody's, by custom. */
  private static final int USER = 65_534;

  private static final String PROGRAM = "catatonit";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final RuntimeFolders folders;
  private final OciRuntime runtime;
  private final Programs programs;
  private final OciSpec.Seccomp seccomp;
  private final ReentrantLock lock = new ReentrantLock();

  SharedPids(
      RuntimeFolders folders, OciRuntime runtime, Programs programs, OciSpec.Seccomp seccomp) {
    this.folders = folders;
    this.runtime = runtime;
    this.programs = programs;
    this.seccomp = seccomp;
  }

  /** The namespace of the plan's task, made if it is not there. */
  Path namespace(ContainerPlan plan) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      var task = plan.key().task();
      var pid = livingHolder(task);
      if (pid.isEmpty()) {
        remove(task); // Half of an earlier attempt, or one that was killed.
        pid = Optional.of(make(plan));
      }
      return Path.of("/proc", Long.toString(pid.get()), "ns/pid");
    } finally {
      lock.unlock();
    }
  }

  /** Ends it, unless a container of the task is left. */
  void removeIfUnused(TaskId task) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (Files.isDirectory(folder(task)) && isAlone(task)) {
        remove(task);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isAlone(TaskId task) throws IOException {
    try (var entries = Files.list(folders.task(task))) {
      return entries.allMatch(folder(task)::equals);
    } catch (NoSuchFileException none) {
      return true;
    }
  }

  private Path folder(TaskId task) {
    return folders.task(task).resolve(FOLDER);
  }

  /** Unlike any container's, which have a hyphen after the task's id. */
  private static String runtimeId(TaskId task) {
    return task + ".pids";
  }

  private Optional<Long> livingHolder(TaskId task) throws IOException {
    var written = Bundle.read(folder(task).resolve("holder"));
    if (written.isEmpty()) {
      return Optional.empty();
    }
    var numbers = written.get().strip().split(" ", 2);
    var holder = new ProcessIdentity(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    return holder.isAlive() ? Optional.of(holder.pid()) : Optional.empty();
  }

  private long make(ContainerPlan plan) throws IOException, InterruptedException {
    var program =
        Programs.find(PROGRAM)
            .orElseThrow(
                () -> new RuntimeFailure("pidMode task needs the program catatonit on this host"));
    var task = plan.key().task();
    var folder = folder(task);
    for (var name : List.of("proc", "dev")) { // crun makes no mount point on a read-only root.
      Files.createDirectories(folder.resolve("root").resolve(name));
    }
    Files.copy(program, folder.resolve("root/pause"));
    folder.resolve("root/pause").toFile().setExecutable(true, false);
    Files.write(folder.resolve("config.json"), configuration(plan));
    var pidFile = folder.resolve("pid");
    var outcome =
        programs.run(
            runtime.command(
                "run",
                "--detach",
                "--bundle",
                folder.toString(),
                "--pid-file",
                pidFile.toString(),
                runtimeId(task)));
    if (!outcome.succeeded()) {
      throw new RuntimeFailure("the process namespace of " + task + ": " + outcome.complaint());
    }
    long pid = Long.parseLong(Files.readString(pidFile).strip());
    var holder =
        ProcessIdentity.of(pid)
            .orElseThrow(() -> new RuntimeFailure("the first process of " + task + " has ended"));
    Files.writeString(folder.resolve("holder"), holder.pid() + " " + holder.startTicks() + "\n");
    return pid;
  }

  private byte[] configuration(ContainerPlan plan) throws IOException {
    var config = JsonNodeFactory.instance.objectNode();
    config.put("ociVersion", "1.0.2");
    var process = config.putObject("process").put("cwd", "/").put("terminal", false);
    process.putArray("args").add("/pause").add("-P");
    process.putObject("user").put("uid", USER).put("gid", USER);
    process.put("noNewPrivileges", true);
    config.putObject("root").put("path", "root").put("readonly", true);
    var mounts = config.putArray("mounts");
    mounts.addObject().put("destination", "/proc").put("type", "proc").put("source", "proc");
    mounts.addObject().put("destination", "/dev").put("type", "tmpfs").put("source", "tmpfs");
    var linux = config.putObject("linux");
    linux.put("cgroupsPath", Path.of(plan.cgroupPath()).resolveSibling("pids-holder").toString());
    var namespaces = linux.putArray("namespaces");
    for (var type : List.of("pid", "ipc", "uts", "mount", "cgroup")) {
      namespaces.addObject().put("type", type);
    }
    namespaces.addObject().put("type", "network").put("path", plan.networkNamespace().toString());
    linux.putRawValue("seccomp", seccomp.rules());
    seccomp
        .program()
        .ifPresent(
            base64 -> config.putObject("annotations").put("run.oci.seccomp_bpf_data", base64));
    return MAPPER.writeValueAsBytes(config);
  }

  private void remove(TaskId task) throws IOException, InterruptedException {
    var state = runtime.folder().resolve(runtimeId(task));
    if (Files.exists(state)) {
      var outcome = programs.run(runtime.command("delete", "--force", runtimeId(task)));
      if (!outcome.succeeded() && Files.exists(state)) {
        throw new RuntimeFailure("delete " + runtimeId(task) + ": " + outcome.complaint());
      }
    }
    TreeRemoval.remove(folder(task));
  }
}
