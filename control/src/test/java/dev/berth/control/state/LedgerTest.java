package dev.berth.control.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Declared;
import dev.berth.model.cluster.Cluster;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.VpcId;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskEvent;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskOrigin;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskSize;
import dev.berth.model.task.TaskSpec;
import dev.berth.model.task.TaskState;
import dev.berth.store.memory.MemoryStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final ClusterId CLUSTER = new ClusterId(REALM, "default");
  private static final HostId HOST = new HostId("h1");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final StopReason ENOUGH = new StopReason(StopCode.USER_INITIATED, "enough");

  private final MemoryStore store = new MemoryStore();

  @Test
  void whatWasDecidedIsThereAfterARestart() {
    var cluster = Cluster.named(CLUSTER).withTags(Map.of("team", "a"));
    Task task = placed(task(1));
    var ledger = Ledger.open(store, "first");
    ledger.decide(
        draft -> {
          draft.put(Kind.CLUSTER, cluster);
          draft.put(Kind.TASK, task);
          return task.id();
        });

    State state = Ledger.open(store, "second").state();

    assertThat(state.find(Kind.CLUSTER, CLUSTER)).contains(cluster);
    assertThat(state.find(Kind.TASK, task.id())).contains(task);
    assertThat(state.tasksIn(CLUSTER)).containsExactly(task.id());
    assertThat(state.tasksOn(HOST)).containsExactly(task.id());
    assertThat(state.used(HOST)).isEqualTo(new Capacity(256, 512));
  }

  @Test
  void aDecisionThatFailsChangesNothing() {
    var ledger = Ledger.open(store, "first");

    assertThatThrownBy(
            () ->
                ledger.decide(
                    draft -> {
                      draft.put(Kind.CLUSTER, Cluster.named(CLUSTER));
                      throw new IOException("refused");
                    }))
        .hasMessage("refused");

    assertThat(ledger.state().find(Kind.CLUSTER, CLUSTER)).isEmpty();
    assertThat(Ledger.open(store, "second").state().all(Kind.CLUSTER)).isEmpty();
  }

  @Test
  void whoNoLongerLeadsCannotCommit() {
    var first = Ledger.open(store, "first");
    Ledger.open(store, "second");

    assertThatThrownBy(() -> create(first)).isInstanceOf(Ledger.NotLeading.class);
    assertThat(first.state().all(Kind.CLUSTER)).isEmpty();
  }

  @Test
  void aRemovedRecordIsGoneFromStateAndStore() {
    var ledger = Ledger.open(store, "first");
    create(ledger);
    ledger.decide(
        draft -> {
          draft.remove(Kind.CLUSTER, CLUSTER);
          return "";
        });

    assertThat(ledger.state().all(Kind.CLUSTER)).isEmpty();
    assertThat(Ledger.open(store, "second").state().all(Kind.CLUSTER)).isEmpty();
  }

  @Test
  void aListenerHearsOfEachChangeOfATaskInOrder() {
    var ledger = Ledger.open(store, "first");
    var heard = new ArrayList<Long>();
    ledger.listen(
        (before, after) -> {
          assertThat(before.map(Task::version).orElse(0L)).isEqualTo(after.version() - 1);
          heard.add(after.version());
        });
    Task first = task(1);
    ledger.decide(
        draft -> {
          draft.put(Kind.TASK, first);
          return first;
        });
    int changeCount = 200;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int change = 0; change < changeCount; change++) {
        var _ =
            threads.submit(
                () ->
                    ledger.decide(
                        draft -> {
                          Task now = draft.find(Kind.TASK, first.id()).orElseThrow();
                          draft.put(Kind.TASK, now.withTags(Map.of()));
                          return now;
                        }));
      }
    }
    assertThat(heard).isEqualTo(LongStream.rangeClosed(1, changeCount + 1).boxed().toList());
  }

  @Test
  void whatIsDerivedAlwaysFollowsTheRecords() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var tasks = new HashMap<TaskId, Task>();
      State state = State.EMPTY;
      for (int step = 0; step < 60; step++) {
        Task fresh = task(random.nextInt(8));
        Task known = tasks.get(fresh.id());
        if (known == null) {
          tasks.put(fresh.id(), fresh);
          state = state.with(Kind.TASK, fresh);
        } else if (random.nextInt(5) == 0) {
          tasks.remove(known.id());
          state = state.without(Kind.TASK, known.id());
        } else {
          Task moved = moved(known);
          tasks.put(moved.id(), moved);
          state = state.with(Kind.TASK, moved);
        }
        var held = tasks.values().stream().filter(t -> t.state().holder().isPresent()).toList();
        assertThat(state.tasksIn(CLUSTER)).as("seed %d", seed).hasSameElementsAs(tasks.keySet());
        assertThat(state.tasksOn(HOST)).hasSameElementsAs(held.stream().map(Task::id).toList());
        assertThat(state.used(HOST))
            .as("seed %d", seed)
            .isEqualTo(new Capacity(256L * held.size(), 512L * held.size()));
        assertThat(state.unplaced())
            .hasSameElementsAs(
                tasks.values().stream()
                    .filter(t -> t.state() instanceof TaskState.Provisioning)
                    .map(Task::id)
                    .toList());
      }
    }
  }

  private static void create(Ledger ledger) {
    ledger.decide(
        draft -> {
          draft.put(Kind.CLUSTER, Cluster.named(CLUSTER));
          return "";
        });
  }

  private static Task moved(Task task) {
    return switch (task.state()) {
      case TaskState.Provisioning _ -> placed(task);
      case TaskState.Pending _ ->
          task.after(new TaskEvent.Reported(TaskPhase.RUNNING, Optional.empty()), NOW);
      case TaskState.Running _ -> task.after(new TaskEvent.HostLost(ENOUGH), NOW);
      case TaskState.Stopping _, TaskState.Deprovisioning _, TaskState.Stopped _ ->
          task.after(new TaskEvent.Reported(TaskPhase.STOPPED, Optional.of(ENOUGH)), NOW);
    };
  }

  private static Task placed(Task task) {
    return task.placed(new TaskEvent.Placed(HOST), "boot", NOW);
  }

  private static EniSpec eni(int number) {
    return new EniSpec(
        new EniId("eni-%08x".formatted(number)),
        new VpcId("vpc-0000000a"),
        new SubnetId("subnet-0000000a"),
        "0a:00:00:00:00:%02x".formatted(number),
        new IpAddress("172.31.0." + (4 + number)),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        "ip-172-31-0-" + (4 + number) + ".eu-west-1.compute.internal");
  }

  private static Task task(int number) {
    var container =
        new ContainerSpec(
            "app",
            "busybox",
            true,
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            0,
            OptionalInt.empty(),
            OptionalInt.empty(),
            ContainerSpec.STOP_TIMEOUT_SECONDS_DEFAULT,
            false,
            false,
            false,
            LinuxParameters.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var spec =
        new TaskSpec(
            new TaskId("%032x".formatted(number)),
            REALM,
            CLUSTER.name(),
            "web",
            1,
            new TaskSize(256, 512),
            List.of(container),
            eni(number),
            OptionalInt.empty(),
            Optional.empty());
    var origin =
        new TaskOrigin(
            Optional.of("FARGATE"),
            Optional.empty(),
            "1.4.0",
            "X86_64",
            Optional.of("family:web"),
            Optional.empty(),
            Declared.NOTHING,
            Declared.NOTHING,
            false,
            Optional.empty());
    return new Task(
        spec,
        origin,
        new TaskState.Provisioning(),
        1,
        Map.of(),
        NOW,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
