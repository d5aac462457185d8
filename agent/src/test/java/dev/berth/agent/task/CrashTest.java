package dev.berth.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentSettings;
import dev.berth.agent.Machine;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.model.host.Capacity;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.Supervision.Condition;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Kills the agent wherever it touches the host, its journal's readers or control, as a seed
 * decides, and builds it anew over the same folders and the same host.
 */
class CrashTest {
  private static final int SEED_COUNT = 300;
  private static final int EVENT_COUNT = 150;
  private static final int TASK_COUNT = 4;
  private static final int QUIET_EVENT_COUNT_MAX = 20_000;

  @Test
  void noTaskRunsTwiceOrIsLostAndNothingIsLeft() throws Exception {
    int crashCount = 0;
    for (int seed = 0; seed < SEED_COUNT; seed++) {
      var folder = Files.createTempDirectory("berth-crash-");
      try {
        var world = new World(folder, seed);
        world.live();
        world.comeToRest();
        world.check();
        crashCount += world.crashCount;
      } catch (IOException | RuntimeException | Error failure) {
        throw new AssertionError("seed " + seed, failure);
      } finally {
        TreeRemoval.remove(folder);
      }
    }
    assertThat(crashCount).isGreaterThan(SEED_COUNT);
  }

  private static final class World {
    private final Path folder;
    private final Random random;
    private final FakeHost host = new FakeHost();
    private final FakeControl control = new FakeControl(host);
    private final Map<TaskId, TaskAssignment> assigned = new LinkedHashMap<>();
    private final Set<TaskId> disturbed = new HashSet<>();
    private PumpedWork work = new PumpedWork(host);
    private Optional<Agent> agent = Optional.empty();
    private long generation;
    private int bootCount = 1;
    private int crashCount;

    World(Path folder, int seed) {
      this.folder = folder;
      this.random = new Random(seed);
      double crashes = random.nextInt(3) * 0.02;
      double failures = random.nextInt(4) == 0 ? 0.05 : 0;
      host.crashes = _ -> random.nextDouble() < crashes;
      host.failures = _ -> random.nextDouble() < failures;
      host.onTerm = random.nextBoolean() ? FakeHost.OnTerm.ENDS : FakeHost.OnTerm.IGNORES;
      host.silent = random.nextBoolean();
      host.healthy = _ -> random.nextInt(3) > 0;
    }

    void live() throws IOException {
      for (int i = 0; i < EVENT_COUNT; i++) {
        try {
          if (agent.isEmpty()) {
            newLife();
          }
          event();
        } catch (SimulatedCrash crash) {
          crash();
        }
      }
    }

    private void newLife() throws IOException {
      work = new PumpedWork(host);
      var made =
          new Agent(
              new AgentSettings(folder, "a", Optional.empty(), 0, Map.of(), 2),
              new Machine("boot " + bootCount, new Capacity(1, 1), "X86_64"),
              host.parts(),
              (_, _, _) -> {
                throw new IOException("nobody reads");
              },
              work,
              () -> FakeHost.NOW,
              random);
      made.start();
      agent = Optional.of(made);
      if (random.nextInt(5) > 0) {
        connect();
      }
    }

    private void connect() {
      generation++;
      agent.orElseThrow().connected(control);
      sync();
    }

    private void sync() {
      var list =
          assigned.values().stream()
              .filter(each -> control.phase(id(each)).orElse(null) != TaskPhase.STOPPED)
              .toList();
      tell(new ToAgent.Sync(generation, list));
    }

    private void tell(ToAgent message) {
      agent.orElseThrow().received(control, message);
    }

    private void event() {
      switch (random.nextInt(20)) {
        case 0, 1 -> assign();
        case 2 -> stop();
        case 3, 4 -> endContainer();
        case 5 -> acknowledge();
        case 6 -> {
          if (random.nextInt(4) == 0) {
            throw new SimulatedCrash("between steps");
          }
        }
        case 7 -> connect();
        default -> work.runOne(random);
      }
    }

    private void assign() {
      if (assigned.size() >= TASK_COUNT) {
        return;
      }
      var id = Tasks.id(assigned.size() + 1);
      var boot = "boot " + bootCount;
      var main = Tasks.essential("main");
      var side = Tasks.sidecar("side");
      var assignment =
          switch (random.nextInt(6)) {
            case 0, 1 -> Tasks.assignment(id, boot, main);
            case 2 ->
                Tasks.assignment(
                    id, boot, main, side.with(List.of(new VolumeMount("data", "/data", false))));
            case 3 -> Tasks.assignment(id, boot, Tasks.restarted(main), Tasks.restarted(side));
            case 4 ->
                Tasks.assignment(id, boot, Tasks.after(main, "side", Condition.COMPLETE), side);
            default ->
                Tasks.assignment(
                    id, boot, Tasks.after(main, "side", Condition.HEALTHY), Tasks.checked(side));
          };
      assigned.put(id, assignment);
      tell(new ToAgent.Assign(generation, assignment));
    }

    private void stop() {
      pick()
          .ifPresent(
              each -> {
                disturbed.add(id(each));
                var stopped = Tasks.stopped(each);
                assigned.put(id(each), stopped);
                tell(new ToAgent.Assign(generation, stopped));
              });
    }

    private void acknowledge() {
      pick()
          .flatMap(each -> control.report(id(each)))
          .ifPresent(
              report ->
                  tell(new ToAgent.Acknowledge(generation, report.task(), report.sequence())));
    }

    private Optional<TaskAssignment> pick() {
      return assigned.values().stream().skip(random.nextInt(TASK_COUNT)).findFirst();
    }

    private void endContainer() {
      end(random.nextInt(10) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(4)));
    }

    private void end(OptionalInt exitCode) {
      var running = host.running();
      if (!running.isEmpty()) {
        host.end(running.get(random.nextInt(running.size())), exitCode);
      }
    }

    private void crash() {
      crashCount++;
      agent = Optional.empty();
      if (random.nextInt(12) == 0) {
        bootCount++;
        host.restart();
        disturbed.addAll(assigned.keySet());
      }
    }

    /** No more trouble: everything that was begun comes to its end. */
    void comeToRest() throws IOException {
      host.crashes = _ -> false;
      host.failures = _ -> false;
      newLife();
      connect();
      for (int i = 0; i < QUIET_EVENT_COUNT_MAX; i++) {
        if (random.nextInt(3) == 0) {
          end(OptionalInt.of(Tasks.EXIT_CODE_FINAL));
        }
        if (!work.runOne(random) && host.running().isEmpty()) {
          return;
        }
      }
      throw new AssertionError("never at rest: " + work.steps());
    }

    void check() {
      assertThat(host.leftovers()).matches(_ -> host.isClean());
      for (var assignment : assigned.values()) {
        checkTask(assignment);
      }
      for (var task : assigned.keySet()) {
        tell(new ToAgent.Forget(generation, task));
      }
      assertThat(host.outputs).isEmpty();
      assertThat(folder.resolve("tasks")).isEmptyDirectory();
      assertThat(folder.resolve("ended")).isEmptyDirectory();
    }

    private void checkTask(TaskAssignment assignment) {
      var report = control.report(id(assignment)).orElseThrow();
      assertThat(report.phase()).isEqualTo(TaskPhase.STOPPED);
      assertThat(report.stopReason()).isPresent();
      boolean failed = report.stopReason().get().code() == StopCode.TASK_FAILED_TO_START;
      for (ContainerReport container : report.containers()) {
        var key = new ContainerKey(id(assignment), container.name());
        int starts = host.starts.getOrDefault(key, 0);
        int restarts = container.restartCount().orElse(0);
        assertThat(starts).as("starts of " + key).isLessThanOrEqualTo(1 + restarts);
        assertThat(container.status()).isEqualTo(ContainerReport.Status.STOPPED);
        if (!disturbed.contains(id(assignment)) && !failed && container.name().equals("main")) {
          assertThat(starts).as("starts of " + key).isBetween(Math.max(1, restarts), 1 + restarts);
        }
        if (starts > 0 && dependsOnSide(assignment, container.name())) {
          var side = new ContainerKey(id(assignment), "side");
          assertThat(host.startOrder).as("starts of both").containsSubsequence(side, key);
        }
        if (restarts > 0) {
          continue; // Its last end may be one that nobody was told of.
        }
        if (starts == 1 && container.exitCode().isPresent()) {
          assertThat(container.exitCode()).as("exit of " + key).isEqualTo(host.ends.get(key));
        }
        if (starts == 1 && bootCount == 1 && !failed) {
          assertThat(container.exitCode()).as("exit of " + key).isEqualTo(host.ends.get(key));
        }
        if (starts == 0) {
          assertThat(container.exitCode()).isEmpty();
        }
      }
    }

    private static boolean dependsOnSide(TaskAssignment assignment, String container) {
      return assignment.spec().containers().stream()
          .filter(each -> each.name().equals(container))
          .anyMatch(each -> !each.supervision().dependsOn().isEmpty());
    }

    private static TaskId id(TaskAssignment assignment) {
      return assignment.spec().id();
    }
  }
}
