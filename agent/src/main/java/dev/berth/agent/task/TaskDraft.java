package dev.berth.agent.task;

import dev.berth.agent.journal.TaskRecord;
import dev.berth.agent.journal.TaskRecord.ContainerMark;
import dev.berth.link.format.RecordFormat;
import dev.berth.link.message.TaskAssignment;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.Health;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A {@link LocalTask} while one change is worked into it. Only {@link TaskReconciler} ever holds
 * one, and only during one call.
 */
final class TaskDraft {
  TaskAssignment assignment;
  boolean unwanted;
  long sequence;
  TaskPhase phase;
  Optional<StopReason> stopReason;
  Optional<Instant> pullStartedAt;
  Optional<Instant> pullStoppedAt;
  Optional<Instant> connectivityAt;
  Optional<Instant> startedAt;
  Optional<Instant> stoppingAt;
  Optional<Instant> executionStoppedAt;
  final Map<LaunchTiming.Phase, LaunchTiming> timings = new EnumMap<>(LaunchTiming.Phase.class);

  boolean secretsResolved;
  boolean launchSlot;
  boolean logsOpened;
  boolean cgroupPrepared;
  boolean networkAttached;
  boolean volumesPrepared;
  boolean rootsRemoved;
  boolean networkDetached;
  boolean cgroupRemoved;
  boolean imagesReleased;
  int lookCount;
  final Set<TaskStep> inFlight;
  final Map<TaskStep, Integer> failureCounts;
  final Map<String, Container> containers = new LinkedHashMap<>();

  /** One container of the draft. */
  static final class Container {
    final ContainerSpec spec;
    final String name;
    final boolean essential;
    ContainerReport.Status status;
    Optional<String> runtimeId;
    Optional<String> imageDigest;
    OptionalInt exitCode;
    Optional<String> reason;
    Optional<Instant> startedAt;
    Optional<Instant> stoppedAt;
    Optional<Health> health;
    int restartCount;
    boolean mayHaveStarted;
    Optional<String> stopSignal;
    Optional<Instant> awaitedSince;
    Optional<Instant> terminatedAt;
    ContainerProgress.Standing standing;
    boolean imageResolved;
    boolean rootMounted;
    boolean stopTimeoutOver;
    boolean killed;
    boolean startTimeoutOver;
    int failedCheckCount;

    Container(
        ContainerSpec spec,
        ContainerReport report,
        ContainerMark mark,
        ContainerProgress progress) {
      this.spec = spec;
      this.name = spec.name();
      this.essential = spec.essential();
      this.status = report.status();
      this.runtimeId = report.runtimeId();
      this.imageDigest = report.imageDigest();
      this.exitCode = report.exitCode();
      this.reason = report.reason();
      this.startedAt = report.startedAt();
      this.stoppedAt = report.stoppedAt();
      this.health = report.health();
      this.restartCount = report.restartCount().orElse(0);
      this.mayHaveStarted = mark.mayHaveStarted();
      this.stopSignal = mark.stopSignal();
      this.awaitedSince = mark.awaitedSince();
      this.terminatedAt = mark.terminatedAt();
      this.standing = progress.standing();
      this.imageResolved = progress.imageResolved();
      this.rootMounted = progress.rootMounted();
      this.stopTimeoutOver = progress.stopTimeoutOver();
      this.killed = progress.killed();
      this.startTimeoutOver = progress.startTimeoutOver();
      this.failedCheckCount = progress.failedCheckCount();
    }

    /** It is made and started anew; to the outside it goes on running. */
    void restart() {
      restartCount++;
      mayHaveStarted = false;
      startedAt = Optional.empty();
      health = health.map(_ -> Health.UNKNOWN);
      failedCheckCount = 0;
    }

    boolean isStopped() {
      return status == ContainerReport.Status.STOPPED;
    }

    /** Whether it has a process of the image's program, or nobody can say that it has none. */
    boolean mayLive() {
      return mayHaveStarted
          && !isStopped()
          && switch (standing) {
            case UNKNOWN, RUNNING -> true;
            case ABSENT, CREATED, ENDED -> false;
          };
    }

    private ContainerReport report() {
      return new ContainerReport(
          name,
          status,
          runtimeId,
          imageDigest,
          exitCode,
          reason,
          startedAt,
          stoppedAt,
          health,
          restartCount == 0 ? OptionalInt.empty() : OptionalInt.of(restartCount));
    }

    private ContainerMark mark() {
      return new ContainerMark(mayHaveStarted, stopSignal, awaitedSince, terminatedAt);
    }

    private ContainerProgress progress() {
      return new ContainerProgress(
          standing,
          imageResolved,
          rootMounted,
          stopTimeoutOver,
          killed,
          startTimeoutOver,
          failedCheckCount);
    }
  }

  TaskDraft(LocalTask task) {
    var record = task.record();
    var report = record.report();
    var progress = task.progress();
    assignment = record.assignment();
    unwanted = record.unwanted();
    sequence = report.sequence();
    phase = report.phase();
    stopReason = report.stopReason();
    pullStartedAt = report.pullStartedAt();
    pullStoppedAt = report.pullStoppedAt();
    connectivityAt = report.connectivityAt();
    startedAt = report.startedAt();
    stoppingAt = report.stoppingAt();
    executionStoppedAt = report.executionStoppedAt();
    report.timings().forEach(timing -> timings.put(timing.phase(), timing));
    secretsResolved = progress.secretsResolved();
    launchSlot = progress.launchSlot();
    logsOpened = progress.logsOpened();
    cgroupPrepared = progress.cgroupPrepared();
    networkAttached = progress.networkAttached();
    volumesPrepared = progress.volumesPrepared();
    rootsRemoved = progress.rootsRemoved();
    networkDetached = progress.networkDetached();
    cgroupRemoved = progress.cgroupRemoved();
    imagesReleased = progress.imagesReleased();
    lookCount = progress.lookCount();
    inFlight = new HashSet<>(progress.inFlight());
    failureCounts = new HashMap<>(progress.failureCounts());
    for (var spec : task.containers()) {
      containers.put(
          spec.name(),
          new Container(
              spec,
              task.report(spec.name()),
              record.mark(spec.name()),
              progress.container(spec.name())));
    }
  }

  /** The task has never run whole, and ends for that reason, if it has no other one yet. */
  void failToStart(String text) {
    stopReason =
        stopReason.or(() -> Optional.of(new StopReason(StopCode.TASK_FAILED_TO_START, text)));
  }

  Container container(String name) {
    var container = containers.get(name);
    if (container == null) {
      throw new IllegalArgumentException("no container '" + name + "'");
    }
    return container;
  }

  LocalTask finish() {
    var marks = new HashMap<String, ContainerMark>();
    var progresses = new HashMap<String, ContainerProgress>();
    containers.forEach(
        (name, each) -> {
          marks.put(name, each.mark());
          progresses.put(name, each.progress());
        });
    var record = new TaskRecord(RecordFormat.VERSION, assignment, unwanted, report(), marks);
    return new LocalTask(
        record,
        new TaskProgress(
            secretsResolved,
            launchSlot,
            logsOpened,
            cgroupPrepared,
            networkAttached,
            volumesPrepared,
            rootsRemoved,
            networkDetached,
            cgroupRemoved,
            imagesReleased,
            lookCount,
            progresses,
            inFlight,
            failureCounts));
  }

  private TaskReport report() {
    return new TaskReport(
        assignment.spec().id(),
        sequence,
        phase,
        containers.values().stream().map(Container::report).toList(),
        stopReason,
        pullStartedAt,
        pullStoppedAt,
        connectivityAt,
        startedAt,
        stoppingAt,
        executionStoppedAt,
        List.copyOf(timings.values()));
  }
}
