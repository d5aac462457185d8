package dev.berth.agent.runtime;

import dev.berth.agent.linux.Descriptor;
import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.LinuxException;
import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.agent.linux.ReadinessWatcher;
import dev.berth.agent.linux.Signals;
import dev.berth.agent.linux.Spawner;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Containers under conmon, made by crun, or by runc where crun will not run.
 *
 * <p>A container exists, for this class, from the moment its processes are written down in its
 * bundle. What a killed agent left before that moment is cleared away by the next create or delete.
 */
public final class ConmonRuntime implements ContainerRuntime, OutputBrake {
  /** From the end of a container's init until its monitor has written the exit code and ended. */
  private static final long MONITOR_MILLIS_MAX = 10_000;

  /** The monitor, the runtime, and the container's init before it is the container's program. */
  private static final int STRAY_ROUND_COUNT_MAX = 3;

  /** The key under which a task's shared process namespace is listed, to be deleted by it. */
  private static final String SHARED_PIDS = "pids-holder";

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final RuntimeFolders folders;
  private final OciRuntime runtime;
  private final Monitor monitor;
  private final BundleWriter bundles;
  private final Programs programs;
  private final ContainerCommand commands;
  private final SharedPids sharedPids;
  private final ReadinessWatcher watcher;
  private final InstantSource clock;
  private final String bootId;

  ConmonRuntime(
      RuntimeFolders folders,
      OciRuntime runtime,
      Monitor monitor,
      BundleWriter bundles,
      Programs programs,
      ContainerCommand commands,
      SharedPids sharedPids,
      ReadinessWatcher watcher,
      InstantSource clock)
      throws IOException {
    this.folders = folders;
    this.runtime = runtime;
    this.monitor = monitor;
    this.bundles = bundles;
    this.programs = programs;
    this.commands = commands;
    this.sharedPids = sharedPids;
    this.watcher = watcher;
    this.clock = clock;
    this.bootId = Files.readString(BOOT_ID).strip();
  }

  /**
   * Finds the programs and tries which OCI runtime this machine accepts, by running a container.
   *
   * @param state of this boot's containers, such as a folder below /run
   * @param outputs where the containers' output is kept
   * @param cgroupParent the cgroup path below which the trial is made
   * @throws RuntimeFailure when a program is missing or no runtime works; the message says why
   */
  public static ConmonRuntime open(
      Path state, Path outputs, String cgroupParent, ReadinessWatcher watcher, InstantSource clock)
      throws IOException, InterruptedException {
    var folders = new RuntimeFolders(state.toAbsolutePath(), outputs.toAbsolutePath());
    folders.make();
    var spawner = new Spawner(watcher);
    var programs = new Programs(spawner);
    var conmon =
        Programs.find("conmon")
            .orElseThrow(() -> new RuntimeFailure("the program conmon is not installed"));
    var init = Programs.find("catatonit").or(() -> Programs.find("tini"));
    var runtime = new RuntimeProbe(programs, folders, init, cgroupParent).choose();
    var profile = new SeccompProfile(System.getProperty("os.arch", ""));
    var seccomp = profile.seccomp();
    var spec = new OciSpec(seccomp, init, HostLimits.read());
    return new ConmonRuntime(
        folders,
        runtime,
        new Monitor(conmon, runtime, folders, watcher, spawner),
        new BundleWriter(spec),
        programs,
        new ContainerCommand(runtime, spawner),
        new SharedPids(folders, runtime, programs, seccomp),
        watcher,
        clock);
  }

  /** The OCI runtime that makes the containers, such as {@code crun}. */
  public String runtimeName() {
    return runtime.name();
  }

  @Override
  public void create(ContainerPlan plan) throws IOException {
    var bundle = folders.bundle(plan.key());
    if (bundle.processes().isPresent()) {
      return;
    }
    if (bundle.exists()) {
      delete(plan.key());
    }
    bundle.make();
    Files.createDirectories(folders.output(plan.key()).getParent());
    try {
      bundles.write(
          bundle,
          plan,
          plan.pidMode().isPresent() ? Optional.of(sharedPids.namespace(plan)) : Optional.empty());
      long init = monitor.create(bundle, plan);
      long conmon =
          bundle
              .pid(bundle.monitorPid())
              .orElseThrow(() -> new RuntimeFailure("conmon did not write its number"));
      bundle.record(
          new Bundle.Processes(bootId, identity(conmon, plan.key()), identity(init, plan.key())));
    } catch (InterruptedException e) {
      throw interrupted("create", plan.key(), e);
    }
  }

  private static ProcessIdentity identity(long pid, ContainerKey key) throws IOException {
    return ProcessIdentity.of(pid)
        .orElseThrow(
            () -> new RuntimeFailure("process " + pid + " of " + key.runtimeId() + " is gone"));
  }

  @Override
  public void start(ContainerKey key) throws IOException {
    switch (status(key)) {
      case Status.Absent() ->
          throw new RuntimeFailure("start " + key.runtimeId() + ": it was never created");
      case Status.Created _ -> startCreated(key);
      case Status.Running _, Status.Exited _ -> {}
    }
  }

  private void startCreated(ContainerKey key) throws IOException {
    var processes = folders.bundle(key).processes();
    if (runtime.startsByPipe()
        && processes.isPresent()
        && startByPipe(runtime.startPipe(key), processes.get().init())) {
      return;
    }
    try {
      var outcome = programs.run(runtime.command("start", key.runtimeId()));
      if (!outcome.succeeded() && status(key) instanceof Status.Created) {
        throw new RuntimeFailure("start " + key.runtimeId() + ": " + outcome.complaint());
      }
    } catch (InterruptedException e) {
      throw interrupted("start", key, e);
    }
  }

  /**
   * Does what crun's start command does with the pipe, without the process: a fifth of a launch.
   * False when this is not the way; then the command is asked, and says why.
   */
  private static boolean startByPipe(Path pipe, ProcessIdentity init) throws IOException {
    try (var writing = Descriptor.open(pipe, Descriptor.O_WRONLY | Descriptor.O_NONBLOCK)) {
      writing.write(new byte[1]);
    } catch (LinuxException e) {
      // An agent that was killed between the byte and the next line leaves a pipe without a reader.
      if (e.errno() != Errno.ENXIO || !init.isAlive()) {
        return false;
      }
    }
    Files.deleteIfExists(pipe);
    return true;
  }

  @Override
  public Status status(ContainerKey key) throws IOException {
    var bundle = folders.bundle(key);
    var processes = bundle.processes();
    if (processes.isEmpty()) {
      return new Status.Absent();
    }
    if (!isOfThisBoot(processes.get())) {
      return lost(bundle);
    }
    long pid = processes.get().init().pid();
    if (bundle.exit().isEmpty() && processes.get().init().isAlive()) {
      return Files.exists(runtime.startPipe(key))
          ? new Status.Created(pid)
          : new Status.Running(pid);
    }
    if (processes.get().monitor().isAlive()) {
      // The exit file may be there already, but the last output is written after it.
      return new Status.Running(pid);
    }
    return lost(bundle);
  }

  private boolean isOfThisBoot(Bundle.Processes processes) {
    return processes.bootId().equals(bootId);
  }

  /** Both are gone: the exit file was written in between, or never will be. */
  private Status.Exited lost(Bundle bundle) throws IOException {
    var exit = bundle.exit();
    if (exit.isPresent()) {
      return exit.get();
    }
    var now = clock.instant();
    bundle.recordLostExit(now);
    return new Status.Exited(OptionalInt.empty(), now);
  }

  @Override
  public Status.Exited awaitExit(ContainerKey key) throws IOException, InterruptedException {
    var bundle = folders.bundle(key);
    var processes =
        bundle
            .processes()
            .orElseThrow(
                () -> new RuntimeFailure("await " + key.runtimeId() + ": it was never created"));
    if (!isOfThisBoot(processes)) {
      return lost(bundle);
    }
    awaitEither(processes);
    processes.monitor().signal(Signals.SIGCONT); // Held, it would never write the exit code.
    // The monitor writes the exit file just before it ends. When it is the one that has ended,
    // there
    // is nobody to report for the container: it is stopped.
    if (!processes.monitor().isAlive() && bundle.exit().isEmpty()) {
      processes.init().signal(Signals.SIGKILL);
    }
    if (!awaitEnd(processes.monitor(), MONITOR_MILLIS_MAX)) {
      processes.monitor().signal(Signals.SIGKILL);
    }
    awaitEnd(processes.init(), MONITOR_MILLIS_MAX);
    return lost(bundle);
  }

  private void awaitEither(Bundle.Processes processes) throws IOException, InterruptedException {
    var monitor = processes.monitor().open();
    if (monitor.isEmpty()) {
      return;
    }
    try (var monitorDescriptor = monitor.get();
        var monitorWatch = watcher.watch(monitorDescriptor)) {
      var init = processes.init().open();
      if (init.isEmpty()) {
        return;
      }
      try (var initDescriptor = init.get();
          var initWatch = watcher.watch(initDescriptor)) {
        CompletableFuture.anyOf(monitorWatch.readable(), initWatch.readable()).get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the container could not be awaited", e);
    }
  }

  /** Parks until the process has ended; false when it still runs after that time. */
  private boolean awaitEnd(ProcessIdentity process, long timeoutMillis)
      throws IOException, InterruptedException {
    var opened = process.open();
    if (opened.isEmpty()) {
      return true;
    }
    try (var descriptor = opened.get();
        var watch = watcher.watch(descriptor)) {
      watch.readable().get(timeoutMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException("process " + process.pid() + " could not be awaited", e);
    }
  }

  @Override
  public void signal(ContainerKey key, int signal) throws IOException {
    var processes = folders.bundle(key).processes();
    if (processes.isPresent() && isOfThisBoot(processes.get())) {
      processes.get().init().signal(signal);
    }
  }

  /** A monitor that is stopped reads nothing: the pipe fills, and the container waits. */
  @Override
  public void hold(ContainerKey key) throws IOException {
    signalMonitor(key, Signals.SIGSTOP);
  }

  @Override
  public void release(ContainerKey key) throws IOException {
    signalMonitor(key, Signals.SIGCONT);
  }

  private void signalMonitor(ContainerKey key, int signal) throws IOException {
    var processes = folders.bundle(key).processes();
    if (processes.isPresent() && isOfThisBoot(processes.get())) {
      processes.get().monitor().signal(signal);
    }
  }

  @Override
  public boolean check(ContainerKey key, List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    return commands.passes(folders.bundle(key), command, timeout);
  }

  @Override
  public void delete(ContainerKey key) throws IOException {
    var bundle = folders.bundle(key);
    if (!bundle.exists()) {
      removeTask(key);
      return;
    }
    try {
      endProcesses(bundle);
      if (Files.exists(runtime.folder().resolve(key.runtimeId()))) {
        var outcome = programs.run(runtime.command("delete", "--force", key.runtimeId()));
        if (!outcome.succeeded() && Files.exists(runtime.folder().resolve(key.runtimeId()))) {
          throw new RuntimeFailure("delete " + key.runtimeId() + ": " + outcome.complaint());
        }
      }
    } catch (InterruptedException e) {
      throw interrupted("delete", key, e);
    }
    Files.deleteIfExists(folders.socketLink(key));
    TreeRemoval.remove(bundle.folder());
    removeTask(key);
  }

  private void removeTask(ContainerKey key) throws IOException {
    try {
      sharedPids.removeIfUnused(key.task());
    } catch (InterruptedException e) {
      throw interrupted("delete", key, e);
    }
    deleteIfEmpty(folders.task(key.task()));
  }

  private void endProcesses(Bundle bundle) throws IOException, InterruptedException {
    var processes = bundle.processes();
    if (processes.isPresent()) {
      if (isOfThisBoot(processes.get())) {
        processes.get().init().signal(Signals.SIGKILL);
        processes.get().monitor().signal(Signals.SIGCONT);
        if (!awaitEnd(processes.get().monitor(), MONITOR_MILLIS_MAX)) {
          processes.get().monitor().signal(Signals.SIGKILL);
        }
      }
      return;
    }
    // Created only in part: the numbers are not written down, but the monitor and the runtime that
    // it started both name the bundle. Each round finds what the one before had just started.
    for (int round = 0; round < STRAY_ROUND_COUNT_MAX; round++) {
      for (var stray : ProcessIdentity.withArgument(bundle.folder().toString())) {
        stray.signal(Signals.SIGKILL);
        awaitEnd(stray, MONITOR_MILLIS_MAX);
      }
    }
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try (var entries = Files.newDirectoryStream(folder)) {
      if (entries.iterator().hasNext()) {
        return;
      }
    } catch (NoSuchFileException e) {
      return;
    }
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      return; // Another container of the task is being created.
    }
  }

  @Override
  public Path outputFile(ContainerKey key) {
    return folders.output(key);
  }

  @Override
  public Optional<Instant> firstOutputAt(ContainerKey key) throws IOException {
    var output = folders.output(key);
    if (!Files.exists(output)) {
      return Optional.empty();
    }
    return new ConmonOutput().firstAt(output);
  }

  @Override
  public void deleteOutput(TaskId task) throws IOException {
    TreeRemoval.remove(folders.outputs().resolve(task.value()));
  }

  @Override
  public Set<TaskId> outputs() throws IOException {
    return children(folders.outputs()).stream()
        .map(folder -> folder.getFileName().toString())
        .filter(TaskId::isForm)
        .map(TaskId::new)
        .collect(Collectors.toSet());
  }

  @Override
  public Set<ContainerKey> list() throws IOException {
    var keys = new HashSet<ContainerKey>();
    for (var task : children(folders.containers())) {
      var name = task.getFileName().toString();
      if (!TaskId.isForm(name)) {
        continue;
      }
      for (var folder : children(task)) {
        // A folder whose name is not written yet holds nothing else either.
        if (folder.endsWith(SharedPids.FOLDER)) {
          keys.add(new ContainerKey(new TaskId(name), SHARED_PIDS)); // Found even when it is alone.
        }
        Bundle.read(folder.resolve("name"))
            .filter(text -> !text.isEmpty())
            .ifPresent(text -> keys.add(new ContainerKey(new TaskId(name), text)));
      }
    }
    return keys;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static RuntimeFailure interrupted(
      String operation, ContainerKey key, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new RuntimeFailure(operation + " " + key.runtimeId() + ": interrupted", cause);
  }
}
