package dev.berth.agent.task;

import dev.berth.agent.journal.TaskRecord;
import dev.berth.agent.task.ContainerProgress.Standing;
import dev.berth.link.message.TaskAssignment;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.Health;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A task on this host: what must be remembered of it, and what this life of the agent has done. */
record LocalTask(TaskRecord record, TaskProgress progress) {
  TaskId id() {
    return record.id();
  }

  TaskPhase phase() {
    return record.phase();
  }

  List<ContainerSpec> containers() {
    return record.assignment().spec().containers();
  }

  ContainerReport report(String container) {
    return record.report().containers().stream()
        .filter(each -> each.name().equals(container))
        .findFirst()
        .orElseThrow();
  }

  boolean mayHaveStarted(ContainerSpec container) {
    return record.mark(container.name()).mayHaveStarted();
  }

  /** Whether a container has still to be made before it can be started, again or at all. */
  boolean isUnmade(ContainerSpec container) {
    return !mayHaveStarted(container)
        && report(container.name()).status() != ContainerReport.Status.STOPPED
        && progress.container(container.name()).standing() != Standing.CREATED;
  }

  /** Whether a container has a process, or nobody can say yet that it has none. */
  boolean mayLive(ContainerSpec container) {
    var standing = progress.container(container.name()).standing();
    return mayHaveStarted(container)
        && report(container.name()).status() != ContainerReport.Status.STOPPED
        && (standing == Standing.UNKNOWN
            || standing == Standing.RUNNING
            || progress.inFlight().contains(new TaskStep.StartContainer(container.name())));
  }

  boolean hasTiming(LaunchTiming.Phase phase) {
    return record.report().timings().stream().anyMatch(timing -> timing.phase() == phase);
  }

  /** Whether the journal must say so before anything is built upon it. */
  boolean mustBeSavedAfter(LocalTask before) {
    return !Remembered.of(record).equals(Remembered.of(before.record));
  }

  /** Whether control is told at once. What else has changed goes along with the next report. */
  boolean isNewsAfter(LocalTask before) {
    return !News.of(this).equals(News.of(before));
  }

  private record Remembered(
      TaskAssignment assignment,
      boolean unwanted,
      Set<String> mayHaveStarted,
      Set<String> terminated,
      Told told) {
    static Remembered of(TaskRecord record) {
      var started = new HashSet<String>();
      var terminated = new HashSet<String>();
      record
          .marks()
          .forEach(
              (name, mark) -> {
                if (mark.mayHaveStarted()) {
                  started.add(name);
                }
                if (mark.terminatedAt().isPresent()) {
                  terminated.add(name);
                }
              });
      return new Remembered(
          record.assignment(), record.unwanted(), started, terminated, Told.of(record));
    }
  }

  private record News(Told told, boolean firstOutput) {
    static News of(LocalTask task) {
      return new News(Told.of(task.record), task.hasTiming(LaunchTiming.Phase.FIRST_OUTPUT));
    }
  }

  private record Told(
      TaskPhase phase, Optional<StopReason> stopReason, List<ContainerFact> containers) {
    static Told of(TaskRecord record) {
      var report = record.report();
      return new Told(
          report.phase(),
          report.stopReason(),
          report.containers().stream().map(ContainerFact::of).toList());
    }
  }

  private record ContainerFact(
      ContainerReport.Status status,
      OptionalInt exitCode,
      Optional<String> reason,
      Optional<Health> health,
      OptionalInt restartCount) {
    static ContainerFact of(ContainerReport report) {
      return new ContainerFact(
          report.status(),
          report.exitCode(),
          report.reason(),
          report.health(),
          report.restartCount());
    }
  }
}
