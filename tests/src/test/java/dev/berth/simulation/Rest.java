package dev.berth.simulation;

import dev.berth.agent.runtime.ContainerKey;
import dev.berth.control.state.Kind;
import dev.berth.control.state.State;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostId;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** After the trouble: everything that was begun comes to its end, and nothing is left. */
final class Rest {
  private static final int STEP_COUNT_MAX = 50_000;
  private static final int ROUND_COUNT = 3;

  private final World world;

  Rest(World world) {
    this.world = world;
  }

  void come() {
    world.calmDown();
    settle();
    // Twice as long: a clock that went back since makes a host look less silent than it is.
    world.jump(World.PATIENCE.hostLostAfter().multipliedBy(2));
    settle();
    checkThatAllIsAsDeclared();
    stopAll();
    settle();
    checkThatNothingRuns();
    world.jump(World.PATIENCE.stoppedTaskKept().plus(Duration.ofSeconds(1)));
    settle();
    checkThatNothingIsKept();
  }

  private void settle() {
    for (int round = 0; round < ROUND_COUNT; round++) {
      settleSteps();
      world.round();
      world.check();
    }
    settleSteps();
  }

  private void settleSteps() {
    for (int step = 0; step < STEP_COUNT_MAX; step++) {
      if (!world.settle()) {
        return;
      }
    }
    throw new Violation(
        "never at rest: " + world.hosts.stream().map(SimulatedHost::waitingWork).toList());
  }

  /** Each task runs, or waits for room that is not there, or has ended for a reason. */
  private void checkThatAllIsAsDeclared() {
    State state = world.ledger().state();
    Map<HostId, SimulatedHost> hosts = reachable();
    for (Task task : state.all(Kind.TASK)) {
      switch (task.state()) {
        case TaskState.Provisioning _ -> checkThatThereIsNoRoom(state, task);
        case TaskState.Running(var host, var stop) -> {
          var machine = hosts.get(host);
          if (machine == null
              || stop.isPresent()
              || !machine.machine.isRunning(new ContainerKey(task.id(), "main"))) {
            throw new Violation("%s does not run".formatted(Words.of(task)));
          }
        }
        case TaskState.Stopped(var reason, var heldBy) -> {
          checkReason(task, reason);
          heldBy.ifPresent(
              host -> {
                if (hosts.containsKey(host)) {
                  throw new Violation("%s was not taken down".formatted(Words.of(task)));
                }
              });
        }
        case TaskState.Pending _, TaskState.Stopping _, TaskState.Deprovisioning _ ->
            throw new Violation(Words.of(task) + " came to no end");
      }
    }
  }

  private Map<HostId, SimulatedHost> reachable() {
    return world.hosts.stream()
        .filter(host -> !host.isGone())
        .collect(Collectors.toMap(host -> host.id().orElseThrow(), Function.identity()));
  }

  private static void checkThatThereIsNoRoom(State state, Task task) {
    Capacity wanted = task.spec().size().capacity();
    for (Host host : state.all(Kind.HOST)) {
      if (!host.lost() && host.facts().capacity().minus(state.used(host.id())).fits(wanted)) {
        throw new Violation("%s waits, and %s has room".formatted(Words.of(task), host.id()));
      }
    }
  }

  /** A task ends by somebody's word, by its own end or by its host's, and says which it was. */
  private void checkReason(Task task, StopReason reason) {
    boolean true_ =
        switch (reason.code()) {
          case USER_INITIATED -> world.clients.hasStopped(task.id());
          case ESSENTIAL_CONTAINER_EXITED, TASK_FAILED_TO_START -> true;
          case TERMINATION_NOTICE -> reason.text().startsWith("The host of the task has not been");
          case SERVICE_SCHEDULER_INITIATED, SPOT_INTERRUPTION -> false;
        };
    if (!true_) {
      throw new Violation("%s has ended without a cause".formatted(Words.of(task)));
    }
    for (ContainerReport container :
        task.report().map(report -> report.containers()).orElse(List.of())) {
      var key = new ContainerKey(task.id(), container.name());
      SimulatedHost host = world.invariants.started().get(key);
      if (container.exitCode().isPresent()
          && (host == null || !container.exitCode().equals(host.machine.ends.get(key)))) {
        throw new Violation("the exit code of %s is invented: %s".formatted(key, container));
      }
    }
  }

  private void stopAll() {
    for (Task task : world.ledger().state().all(Kind.TASK)) {
      if (!task.state().isStopped()) {
        world.clients.stop(world.control(), task.id());
        world.check();
      }
    }
  }

  private void checkThatNothingRuns() {
    State state = world.ledger().state();
    for (Task task : state.all(Kind.TASK)) {
      if (!task.state().isStopped()) {
        throw new Violation("%s was not stopped".formatted(Words.of(task)));
      }
    }
    reachable()
        .forEach(
            (id, host) -> {
              if (!host.machine.isClean()) {
                throw new Violation("%s still has %s".formatted(host, host.machine.leftovers()));
              }
              if (!state.used(id).equals(Capacity.NONE)) {
                throw new Violation(
                    "%s is empty and counted as %s".formatted(host, state.used(id)));
              }
            });
  }

  private void checkThatNothingIsKept() {
    for (Task task : world.ledger().state().all(Kind.TASK)) {
      if (task.state().holder().isEmpty()) {
        throw new Violation("%s was not forgotten".formatted(Words.of(task)));
      }
    }
    reachable()
        .forEach(
            (_, host) ->
                host.machine.outputs.forEach(
                    task -> {
                      if (world.ledger().state().find(Kind.TASK, task).isEmpty()) {
                        throw new Violation(
                            "%s keeps the output of %s".formatted(host, Words.of(task)));
                      }
                    }));
  }
}
