package dev.berth.simulation;

import dev.berth.agent.runtime.ContainerKey;
import dev.berth.control.rounds.Rounds;
import dev.berth.control.state.Kind;
import dev.berth.control.state.State;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold after every step, of what control says and of what really runs. */
final class Invariants {
  private final List<SimulatedHost> hosts;
  private final Clients clients;
  private final SimulatedClock clock;
  private final Rounds.Settings patience;
  private final Trace trace;

  /** Each task as control last showed it: durable, so a later life of control knows it too. */
  private final Map<TaskId, Task> shown = new LinkedHashMap<>();

  private final Map<HostId, Host> shownHosts = new HashMap<>();
  private final Set<TaskId> forgotten = new HashSet<>();
  private final Map<ContainerKey, SimulatedHost> started = new HashMap<>();
  private Optional<State> checked = Optional.empty();

  Invariants(
      List<SimulatedHost> hosts,
      Clients clients,
      SimulatedClock clock,
      Rounds.Settings patience,
      Trace trace) {
    this.hosts = hosts;
    this.clients = clients;
    this.clock = clock;
    this.patience = patience;
    this.trace = trace;
    hosts.forEach(host -> host.machine.started = key -> started(host, key));
  }

  Map<TaskId, Task> shown() {
    return shown;
  }

  /** The host on which each container was started. */
  Map<ContainerKey, SimulatedHost> started() {
    return started;
  }

  void check(Optional<State> state) {
    if (state.isPresent() && !state.equals(checked)) {
      checked = state;
      checkTasks(state.get());
      checkHosts(state.get());
    }
    hosts.forEach(this::checkMachine);
  }

  private void checkTasks(State state) {
    for (Task task : state.all(Kind.TASK)) {
      if (forgotten.contains(task.id())) {
        throw new Violation("%s was forgotten and is there again".formatted(Words.of(task)));
      }
      Task before = shown.put(task.id(), task);
      if (before != null && !before.equals(task)) {
        checkChange(before, task);
      }
    }
    shown
        .values()
        .removeIf(
            task -> {
              boolean missing = state.find(Kind.TASK, task.id()).isEmpty();
              if (missing) {
                checkForgotten(task);
              }
              return missing;
            });
    for (TaskId id : clients.acknowledged()) {
      if (!shown.containsKey(id) && !forgotten.contains(id)) {
        throw new Violation("%s was acknowledged and is not known".formatted(Words.of(id)));
      }
    }
  }

  private void checkForgotten(Task task) {
    trace.add(Trace.Kind.TASK_FORGOTTEN, Words.of(task));
    if (!task.state().isStopped()) {
      throw new Violation("%s is not known any more".formatted(Words.of(task)));
    }
    if (task.stoppedAt().orElseThrow().plus(patience.stoppedTaskKept()).isAfter(clock.latest())) {
      throw new Violation("%s is forgotten too early".formatted(Words.of(task)));
    }
    forgotten.add(task.id());
  }

  private static void checkChange(Task before, Task after) {
    if (rank(after.state()) < rank(before.state()) || after.version() < before.version()) {
      throw new Violation("%s went back to %s".formatted(Words.of(before), Words.of(after)));
    }
    if (before.placedOn().isPresent() && !before.placedOn().equals(after.placedOn())) {
      throw new Violation(
          "%s was placed on %s and is now on %s"
              .formatted(Words.of(after), before.placedOn(), after.placedOn()));
    }
    if (before.state().stopReason().isPresent()
        && !before.state().stopReason().equals(after.state().stopReason())) {
      throw new Violation(
          "the first reason of %s became that of %s".formatted(Words.of(before), Words.of(after)));
    }
    if (before.stoppedAt().isPresent() && !before.stoppedAt().equals(after.stoppedAt())) {
      throw new Violation("%s stopped a second time".formatted(Words.of(after)));
    }
    if (!before.spec().equals(after.spec())) {
      throw new Violation("the spec of %s changed".formatted(Words.of(after)));
    }
  }

  private static int rank(TaskState state) {
    return switch (state) {
      case TaskState.Provisioning _ -> 0;
      case TaskState.Pending _ -> 1;
      case TaskState.Running _ -> 2;
      case TaskState.Stopping _ -> 3;
      case TaskState.Deprovisioning _ -> 4;
      case TaskState.Stopped(_, var heldBy) -> heldBy.isPresent() ? 5 : 6;
    };
  }

  private void checkHosts(State state) {
    for (Host host : state.all(Kind.HOST)) {
      Host before = shownHosts.put(host.id(), host);
      if (host.lost() && (before == null || !before.lost())) {
        trace.add(Trace.Kind.HOST_GIVEN_UP, host.id().toString());
      }
      if (before != null && host.generation() < before.generation()) {
        throw new Violation("the generation of %s went back".formatted(host));
      }
      Capacity held = Capacity.NONE;
      for (Task task : shown.values()) {
        if (task.state().holder().equals(Optional.of(host.id()))) {
          held = held.plus(task.spec().size().capacity());
        }
      }
      if (!held.equals(state.used(host.id()))) {
        throw new Violation(
            "%s carries %s and control counts %s"
                .formatted(host.id(), held, state.used(host.id())));
      }
      if (!host.facts().capacity().fits(held)) {
        throw new Violation(
            "%s of %s is over-committed with %s"
                .formatted(host.id(), host.facts().capacity(), held));
      }
    }
  }

  /** What the kernel of that machine would say. */
  private void checkMachine(SimulatedHost host) {
    var there = new HashSet<>(host.machine.cgroups);
    host.machine.running().forEach(key -> there.add(key.task()));
    Capacity taken = Capacity.NONE;
    for (TaskId id : there) {
      Task task = shown.get(id);
      if (task == null) {
        throw new Violation("%s has %s, which nobody knows".formatted(host, Words.of(id)));
      }
      taken = taken.plus(task.spec().size().capacity());
    }
    if (!host.capacity.fits(taken)) {
      throw new Violation("%s of %s really carries %s".formatted(host, host.capacity, taken));
    }
  }

  private void started(SimulatedHost host, ContainerKey key) {
    SimulatedHost before = started.put(key, host);
    if (before != null) {
      throw new Violation(
          "container %s of %s was started on %s and again on %s"
              .formatted(key.name(), Words.of(key.task()), before, host));
    }
    Task task = shown.get(key.task());
    if (task == null) {
      throw new Violation(
          "%s started %s, which is not durable".formatted(host, Words.of(key.task())));
    }
    var placedOn = task.placedOn().orElseThrow(() -> new Violation("placed nowhere: " + task));
    if (!host.id().equals(Optional.of(placedOn.host()))
        || !host.bootId().equals(placedOn.bootId())) {
      throw new Violation(
          "%s is placed on %s and was started on %s"
              .formatted(Words.of(task), placedOn, host.bootId()));
    }
  }
}
