package dev.berth.agent.task;

import dev.berth.agent.journal.TaskRecord;
import dev.berth.agent.task.ContainerProgress.Standing;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.TaskPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which steps of a task are due now: all that do not depend on each other, none that is in flight.
 *
 * <p>Pure. The caller writes the journal first, then begins every step of the plan.
 */
final class TaskPlanner {
  /** Between two tries of a step that failed; doubled with each failure. */
  static final Duration RETRY_PAUSE_MIN = Duration.ofMillis(100);

  static final Duration RETRY_PAUSE_MAX = Duration.ofSeconds(30);

  /** Looks for the first output come at 5 ms, 20 ms, 80 ms and so on: the last after 80 s. */
  static final int LOOK_COUNT_MAX = 8;

  private static final Duration LOOK_PAUSE_MIN = Duration.ofMillis(5);

  private final LocalTask task;
  private final Instant now;
  private final TaskProgress progress;
  private final List<PlannedStep> steps = new ArrayList<>();

  private TaskPlanner(LocalTask task, Instant now) {
    this.task = task;
    this.now = now;
    this.progress = task.progress();
  }

  static List<PlannedStep> plan(LocalTask task, Instant now) {
    var planner = new TaskPlanner(task, now);
    switch (task.phase()) {
      case PENDING -> {
        planner.launch();
        planner.follow();
        planner.watchOver();
      }
      case RUNNING -> {
        planner.launch(); // What is started again.
        planner.follow();
        planner.watchOver();
        planner.lookForOutput();
      }
      case STOPPING -> {
        planner.follow();
        planner.stop();
      }
      case DEPROVISIONING -> planner.takeDown();
      case STOPPED -> {}
    }
    return planner.steps;
  }

  private void launch() {
    startCreated();
    var unmade = containers().filter(task::isUnmade).toList();
    if (unmade.isEmpty()) {
      return;
    }
    boolean logged = containers().anyMatch(each -> each.log().isPresent());
    if (logged && !progress.logsOpened()) {
      due(new TaskStep.OpenLogs());
    }
    var unresolved = unmade.stream().filter(each -> !of(each).imageResolved()).toList();
    unresolved.forEach(each -> due(new TaskStep.ResolveImage(each.name())));
    if (!progress.secretsResolved()) {
      due(new TaskStep.ResolveSecrets());
    }
    boolean prepared = progress.secretsResolved() && (!logged || progress.logsOpened());
    if (!unresolved.isEmpty() || !prepared) {
      return; // A pull may take long: nothing of the host is held meanwhile.
    }
    if (!progress.launchSlot() && task.phase() == TaskPhase.PENDING) {
      due(new TaskStep.AwaitLaunchSlot());
      return;
    }
    if (!progress.cgroupPrepared()) {
      due(new TaskStep.PrepareCgroup());
    }
    if (!progress.networkAttached()) {
      due(new TaskStep.AttachNetwork());
    }
    if (hasVolumes()
        && !progress.volumesPrepared()
        && unmade.stream().allMatch(each -> of(each).rootMounted())) {
      due(new TaskStep.PrepareVolumes());
    }
    unmade.forEach(this::create);
  }

  private void create(ContainerSpec container) {
    var made = of(container);
    switch (made.standing()) {
      // An earlier life of the agent may have left it half made, and never started it.
      case UNKNOWN, RUNNING, ENDED -> due(new TaskStep.DeleteContainer(container.name()));
      case CREATED -> {}
      case ABSENT -> {
        if (!made.rootMounted()) {
          due(new TaskStep.MountRoot(container.name()));
        } else if (progress.cgroupPrepared()
            && progress.networkAttached()
            && (progress.volumesPrepared() || !hasVolumes())) {
          due(new TaskStep.CreateContainer(container.name()));
        }
      }
    }
  }

  private boolean hasVolumes() {
    return containers().anyMatch(each -> !each.volumeMounts().isEmpty());
  }

  private void startCreated() {
    containers()
        .filter(each -> task.mayHaveStarted(each) && of(each).standing() == Standing.CREATED)
        .forEach(each -> due(new TaskStep.StartContainer(each.name())));
  }

  /** Keeps an eye on every container that may have a process. */
  private void follow() {
    for (var container : task.containers()) {
      if (!task.mayHaveStarted(container)) {
        continue;
      }
      var standing = of(container).standing();
      var report = task.report(container.name());
      if (report.status() == ContainerReport.Status.STOPPED) {
        if (report.exitCode().isEmpty() && standing == Standing.ENDED) {
          // Nobody watches over what is left of it.
          due(new TaskStep.DeleteContainer(container.name()));
        }
      } else if (standing == Standing.UNKNOWN) {
        due(new TaskStep.InspectContainer(container.name()), after(container));
      } else if (standing == Standing.RUNNING) {
        due(new TaskStep.AwaitExit(container.name()));
      }
    }
  }

  /** A container that could not be awaited is looked at again after a pause. */
  private Duration after(ContainerSpec container) {
    return pauseAfter(
        progress.failureCounts().getOrDefault(new TaskStep.AwaitExit(container.name()), 0));
  }

  /** Health checks, and the bound on how long others wait for a container. */
  private void watchOver() {
    for (var container : task.containers()) {
      var supervision = container.supervision();
      if (of(container).standing() != Standing.RUNNING) {
        continue;
      }
      supervision
          .healthCheck()
          .ifPresent(
              check ->
                  due(
                      new TaskStep.CheckHealth(container.name(), restartCount(container)),
                      Duration.ofSeconds(check.intervalSeconds())));
      if (supervision.startTimeoutSeconds().isPresent()
          && !of(container).startTimeoutOver()
          && containers().anyMatch(each -> waitsFor(each, container))) {
        due(
            new TaskStep.AwaitStartTimeout(container.name()),
            left(mark(container).awaitedSince(), supervision.startTimeoutSeconds().getAsInt()));
      }
    }
  }

  private int restartCount(ContainerSpec container) {
    return task.report(container.name()).restartCount().orElse(0);
  }

  private boolean waitsFor(ContainerSpec waiting, ContainerSpec container) {
    return task.report(waiting.name()).status() == ContainerReport.Status.PENDING
        && dependsOn(waiting, container);
  }

  private static boolean dependsOn(ContainerSpec dependent, ContainerSpec container) {
    return dependent.supervision().dependsOn().stream()
        .anyMatch(each -> each.container().equals(container.name()));
  }

  private void lookForOutput() {
    if (progress.lookCount() >= LOOK_COUNT_MAX
        || task.hasTiming(LaunchTiming.Phase.FIRST_OUTPUT)
        || !task.hasTiming(LaunchTiming.Phase.START)) {
      return;
    }
    var look = new TaskStep.LookForOutput(shown().name(), progress.lookCount());
    due(look, LOOK_PAUSE_MIN.multipliedBy(1L << (2 * progress.lookCount())));
  }

  /** The container whose first output counts for the launch. */
  private ContainerSpec shown() {
    return containers()
        .filter(ContainerSpec::essential)
        .findFirst()
        .orElse(task.containers().getFirst());
  }

  /** In the reverse of the order in which they were started. */
  private void stop() {
    for (var container : task.containers()) {
      var running = of(container);
      if (task.report(container.name()).status() == ContainerReport.Status.STOPPED
          || running.standing() != Standing.RUNNING
          || containers().anyMatch(each -> dependsOn(each, container) && task.mayLive(each))) {
        continue;
      }
      if (mark(container).terminatedAt().isEmpty()) {
        due(
            new TaskStep.Terminate(
                container.name(), StopSignal.number(mark(container).stopSignal())));
      } else if (!running.stopTimeoutOver()) {
        due(
            new TaskStep.AwaitStopTimeout(container.name()),
            left(mark(container).terminatedAt(), container.stopTimeoutSeconds()));
      } else if (!running.killed()) {
        due(new TaskStep.Kill(container.name()));
      }
    }
  }

  private void takeDown() {
    var left = containers().filter(each -> of(each).standing() != Standing.ABSENT).toList();
    left.forEach(each -> due(new TaskStep.DeleteContainer(each.name())));
    if (!left.isEmpty()) {
      return;
    }
    if (!progress.rootsRemoved()) {
      due(new TaskStep.RemoveRoots());
    }
    if (!progress.networkDetached()) {
      due(new TaskStep.DetachNetwork());
    }
    if (!progress.cgroupRemoved()) {
      due(new TaskStep.RemoveCgroup());
    }
    if (!progress.imagesReleased()) {
      due(new TaskStep.ReleaseImages());
    }
  }

  private Stream<ContainerSpec> containers() {
    return task.containers().stream();
  }

  private ContainerProgress of(ContainerSpec container) {
    return progress.container(container.name());
  }

  private TaskRecord.ContainerMark mark(ContainerSpec container) {
    return task.record().mark(container.name());
  }

  /** What is left of a time that began then, also in an earlier life of the agent. */
  private Duration left(Optional<Instant> since, int seconds) {
    var whole = Duration.ofSeconds(seconds);
    var left = since.map(at -> whole.minus(Duration.between(at, now))).orElse(whole);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(whole) < 0 ? left : whole; // The clock may have been set back.
  }

  private void due(TaskStep step) {
    due(step, Duration.ZERO);
  }

  private void due(TaskStep step, Duration pause) {
    if (!progress.inFlight().contains(step)) {
      var retry = pauseAfter(progress.failureCounts().getOrDefault(step, 0));
      steps.add(new PlannedStep(step, retry.compareTo(pause) > 0 ? retry : pause));
    }
  }

  private static Duration pauseAfter(int failureCount) {
    if (failureCount == 0) {
      return Duration.ZERO;
    }
    int doublings = Math.min(failureCount - 1, 16);
    var pause = RETRY_PAUSE_MIN.multipliedBy(1L << doublings);
    return pause.compareTo(RETRY_PAUSE_MAX) < 0 ? pause : RETRY_PAUSE_MAX;
  }
}
