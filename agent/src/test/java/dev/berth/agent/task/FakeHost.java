package dev.berth.agent.task;

import dev.berth.agent.api.TaskApi;
import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.image.TaskImages;
import dev.berth.agent.network.LinkLocalService;
import dev.berth.agent.network.TaskNetworks;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.runtime.ContainerPlan;
import dev.berth.agent.runtime.ContainerRuntime;
import dev.berth.agent.snapshot.Snapshotter;
import dev.berth.agent.snapshot.VolumeSeed;
import dev.berth.model.image.ImageConfig;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A machine that exists only here. It outlives its agents, as a machine does, refuses what a real
 * one would refuse, and may kill the agent before and after everything that it is asked.
 */
public final class FakeHost {
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** What a container that was told SIGTERM does. */
  public enum OnTerm {
    ENDS,
    IGNORES
  }

  private enum Life {
    HALF_MADE,
    CREATED,
    RUNNING,
    ENDED
  }

  private static final class Container {
    Life life = Life.HALF_MADE;
    OptionalInt exitCode = OptionalInt.empty();
  }

  public final Set<TaskId> cgroups = new TreeSet<>();
  public final Set<TaskId> volumes = new TreeSet<>();
  public final Map<TaskId, Set<String>> roots = new TreeMap<>();
  public final Set<TaskId> networks = new TreeSet<>();
  public final Set<TaskId> leases = new TreeSet<>();
  public final Set<TaskId> outputs = new TreeSet<>();
  private final Map<ContainerKey, Container> containers = new LinkedHashMap<>();
  public BiConsumer<TaskId, String> lostNetwork = (_, _) -> {};
  final Map<ContainerKey, ContainerPlan> plans = new HashMap<>();

  /** AWS's API as this machine reaches it. */
  TaskApi api = TaskApi.NONE;

  /** What answers tasks at 169.254.170.2. */
  @Nullable LinkLocalService linkLocal;

  /** How often each container's process was started, in all lives of all agents. */
  public final Map<ContainerKey, Integer> starts = new HashMap<>();

  final List<ContainerKey> startOrder = new ArrayList<>();

  /** How each container that was started has ended. */
  public final Map<ContainerKey, OptionalInt> ends = new HashMap<>();

  public final List<String> signals = new ArrayList<>();
  public final Set<ContainerKey> oomKilled = new HashSet<>();
  public OnTerm onTerm = OnTerm.ENDS;
  public Optional<String> stopSignal = Optional.empty();
  public Predicate<String> crashes = _ -> false;
  public Predicate<String> failures = _ -> false;
  public boolean silent = true;
  Predicate<ContainerKey> healthy = _ -> true;

  /** What the machine's clock shows. */
  public InstantSource clock = () -> NOW;

  /** Hears of each container at the moment in which its process begins to run. */
  public Consumer<ContainerKey> started = _ -> {};

  public HostParts parts() {
    return new HostParts(
        new FakeCgroups(),
        new FakeSnapshots(),
        new FakeNetworks(),
        new FakeRuntime(),
        new FakeImages(),
        new NoLogs(),
        api);
  }

  public void crashPoint(String where) {
    if (crashes.test(where)) {
      throw new SimulatedCrash(where);
    }
  }

  private void before(String operation) throws IOException {
    crashPoint("before " + operation);
    if (failures.test(operation)) {
      throw new IOException(operation + " was made to fail");
    }
  }

  private void after(String operation) {
    crashPoint("after " + operation);
  }

  public boolean isRunning(ContainerKey key) {
    var container = containers.get(key);
    return container != null && container.life == Life.RUNNING;
  }

  public List<ContainerKey> running() {
    return containers.keySet().stream()
        .filter(this::isRunning)
        .sorted((a, b) -> a.runtimeId().compareTo(b.runtimeId()))
        .toList();
  }

  /** The container's process ends; without an exit code its monitor was killed before it. */
  public void end(ContainerKey key, OptionalInt exitCode) {
    var container = containers.get(key);
    if (container != null && container.life == Life.RUNNING) {
      container.life = Life.ENDED;
      container.exitCode = exitCode;
      ends.put(key, exitCode);
    }
  }

  /** The machine lost its power: what was only in memory is gone. */
  public void restart() {
    for (var key : running()) {
      end(key, OptionalInt.empty());
    }
    containers.clear();
    networks.clear();
    cgroups.clear();
  }

  public String leftovers() {
    return "cgroups %s, roots %s, networks %s, containers %s, images %s"
        .formatted(cgroups, roots.keySet(), networks, containers.keySet(), leases);
  }

  public boolean isClean() {
    return cgroups.isEmpty()
        && roots.isEmpty()
        && volumes.isEmpty()
        && networks.isEmpty()
        && containers.isEmpty()
        && leases.isEmpty();
  }

  /**
   * A copy whose order is the same in every run: what is removed first decides what a crash hits.
   */
  private static <T> Set<T> inOrder(Set<T> found) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(found));
  }

  private void inUse(TaskId task, String what) throws IOException {
    if (containers.keySet().stream().anyMatch(key -> key.task().equals(task))) {
      throw new IOException(what + " of " + task + " is in use by a container");
    }
  }

  private final class FakeCgroups implements Cgroups {
    @Override
    public void create(TaskId task, TaskSize size) throws IOException {
      before("cgroup");
      cgroups.add(task);
      after("cgroup");
    }

    @Override
    public void expectContainer() {}

    @Override
    public String containerPath(TaskId task, ContainerSpec container) {
      return task + "/" + container.name();
    }

    @Override
    public Usage usage(TaskId task, String containerName) {
      return new Usage(0, 0, 0, 0);
    }

    @Override
    public boolean outOfMemory(TaskId task, String containerName) throws IOException {
      return oomKilled.contains(new ContainerKey(task, containerName));
    }

    @Override
    public void remove(TaskId task) throws IOException {
      before("remove cgroup");
      inUse(task, "cgroup");
      cgroups.remove(task);
      after("remove cgroup");
    }

    @Override
    public Set<TaskId> list() {
      return inOrder(cgroups);
    }

    @Override
    public void retire() {}
  }

  private final class FakeSnapshots implements Snapshotter {
    @Override
    public void reserve(TaskId task, int sizeGib) throws IOException {
      before("reserve");
      roots.computeIfAbsent(task, _ -> new TreeSet<>());
      after("reserve");
    }

    @Override
    public Path mount(TaskId task, String containerName, List<Path> layers) throws IOException {
      before("mount");
      roots.computeIfAbsent(task, _ -> new TreeSet<>()).add(containerName);
      after("mount");
      return Path.of("/roots", task.value(), containerName);
    }

    @Override
    public void makeVolumes(TaskId task, List<VolumeSeed> seeds) throws IOException {
      before("volumes");
      volumes.add(task);
      after("volumes");
    }

    @Override
    public Path volume(TaskId task, String name) {
      return Path.of("/volumes", task.value(), name);
    }

    @Override
    public OptionalLong usedBytes(TaskId task) {
      return OptionalLong.empty();
    }

    @Override
    public void remove(TaskId task) throws IOException {
      before("unmount");
      inUse(task, "root file system");
      volumes.remove(task);
      roots.remove(task);
      after("unmount");
    }

    @Override
    public Set<TaskId> list() {
      var tasks = new TreeSet<>(roots.keySet());
      tasks.addAll(volumes);
      return inOrder(tasks);
    }
  }

  private final class FakeNetworks implements TaskNetworks {
    @Override
    public TaskNetwork attach(TaskId task, EniSpec eni) throws IOException {
      before("attach");
      networks.add(task);
      after("attach");
      return new TaskNetwork(Path.of("/netns", task.value()), Optional.empty(), Optional.empty());
    }

    @Override
    public void detach(TaskId task) throws IOException {
      before("detach");
      inUse(task, "network");
      networks.remove(task);
      after("detach");
    }

    @Override
    public Set<TaskId> list() {
      return inOrder(networks);
    }

    @Override
    public void plan(VpcPlan plan) {}

    @Override
    public void change(MemberChange change) {}

    @Override
    public void serve(LinkLocalService service) {
      linkLocal = service;
    }

    @Override
    public void whenLost(BiConsumer<TaskId, String> listener) {
      lostNetwork = listener;
    }
  }

  private final class FakeImages implements TaskImages {
    @Override
    public TaskImage resolve(TaskId task, String reference) throws IOException {
      before("resolve");
      leases.add(task);
      after("resolve");
      var config =
          new ImageConfig(
              Map.of(),
              List.of(),
              List.of("true"),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              stopSignal);
      return new TaskImage("sha256:" + "a".repeat(64), config, List.of(Path.of("/layer")));
    }

    @Override
    public void release(TaskId task) throws IOException {
      before("release");
      leases.remove(task);
      after("release");
    }

    @Override
    public Set<TaskId> list() {
      return inOrder(leases);
    }
  }

  private final class FakeRuntime implements ContainerRuntime {
    @Override
    public void create(ContainerPlan plan) throws IOException {
      before("create");
      var task = plan.key().task();
      if (!cgroups.contains(task)
          || !networks.contains(task)
          || !roots.getOrDefault(task, Set.of()).contains(plan.key().name())) {
        throw new AssertionError("created before its cgroup, network and root file system");
      }
      if (!plan.spec().volumeMounts().isEmpty() && !volumes.contains(task)) {
        throw new AssertionError("created before its volumes");
      }
      plans.put(plan.key(), plan);
      var container = containers.computeIfAbsent(plan.key(), _ -> new Container());
      if (container.life == Life.HALF_MADE) {
        outputs.add(task);
        crashPoint("within create");
        container.life = Life.CREATED;
      }
      after("create");
    }

    @Override
    public void start(ContainerKey key) throws IOException {
      before("start");
      var container = containers.get(key);
      if (container == null || container.life == Life.HALF_MADE) {
        throw new IOException("start " + key.runtimeId() + ": it was never created");
      }
      if (container.life == Life.CREATED) {
        container.life = Life.RUNNING;
        starts.merge(key, 1, Integer::sum);
        startOrder.add(key);
        started.accept(key);
      }
      after("start");
    }

    @Override
    public Status status(ContainerKey key) throws IOException {
      before("status");
      var container = containers.get(key);
      if (container == null) {
        return new Status.Absent();
      }
      return switch (container.life) {
        case HALF_MADE -> new Status.Absent();
        case CREATED -> new Status.Created(1);
        case RUNNING -> new Status.Running(1);
        case ENDED -> new Status.Exited(container.exitCode, clock.instant());
      };
    }

    @Override
    public Status.Exited awaitExit(ContainerKey key) throws IOException {
      before("await");
      if (status(key) instanceof Status.Exited exited) {
        return exited;
      }
      throw new IOException("await " + key.runtimeId() + ": it does not exist");
    }

    @Override
    public void signal(ContainerKey key, int signal) throws IOException {
      before("signal");
      signals.add(signal + " " + key.name());
      if (signal == StopSignal.SIGKILL) {
        end(key, OptionalInt.of(137));
      } else if (onTerm == OnTerm.ENDS) {
        end(key, OptionalInt.of(128 + signal));
      }
      after("signal");
    }

    @Override
    public boolean check(ContainerKey key, List<String> command, Duration timeout)
        throws IOException {
      before("check");
      if (!isRunning(key)) {
        throw new IOException("check " + key.runtimeId() + ": it does not run");
      }
      after("check");
      return healthy.test(key);
    }

    @Override
    public void delete(ContainerKey key) throws IOException {
      before("delete");
      end(key, OptionalInt.of(137));
      containers.remove(key);
      after("delete");
    }

    @Override
    public Path outputFile(ContainerKey key) {
      return Path.of("/nowhere", key.runtimeId());
    }

    @Override
    public Optional<Instant> firstOutputAt(ContainerKey key) {
      return silent ? Optional.empty() : Optional.of(clock.instant());
    }

    @Override
    public void deleteOutput(TaskId task) throws IOException {
      before("delete output");
      outputs.remove(task);
      after("delete output");
    }

    @Override
    public Set<TaskId> outputs() {
      return inOrder(outputs);
    }

    @Override
    public Set<ContainerKey> list() {
      return inOrder(containers.keySet());
    }
  }
}
