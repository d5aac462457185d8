package dev.berth.agent.task;

import dev.berth.agent.task.ContainerProgress.Standing;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.TaskPhase;
import java.time.Instant;
import java.util.Optional;

/** Where the facts alone bring a task, whatever it was that has just changed. Pure. */
final class TaskCourse {
  private TaskCourse() {}

  /** What follows from the facts alone, in the order of a task's life. */
  static void settle(TaskDraft draft, Instant now) {
    if (draft.stopReason.isEmpty()) {
      draft.stopReason = draft.assignment.stop();
    }
    if (draft.stopReason.isEmpty() && draft.unwanted) {
      draft.stopReason =
          Optional.of(new StopReason(StopCode.TERMINATION_NOTICE, TaskReconciler.NOT_WANTED));
    }
    if (draft.stopReason.isEmpty() && draft.phase.compareTo(TaskPhase.RUNNING) <= 0) {
      settleStarts(draft);
    }
    if (draft.stopReason.isEmpty() && draft.phase == TaskPhase.PENDING && allHaveStarted(draft)) {
      draft.phase = TaskPhase.RUNNING;
      draft.startedAt = Optional.of(now);
    }
    if (draft.stopReason.isEmpty() && hasEnded(draft)) {
      draft.stopReason =
          Optional.of(
              new StopReason(StopCode.ESSENTIAL_CONTAINER_EXITED, TaskReconciler.ESSENTIAL_EXITED));
    }
    if (draft.stopReason.isPresent() && draft.phase.compareTo(TaskPhase.STOPPING) < 0) {
      draft.phase = TaskPhase.STOPPING;
      draft.stoppingAt = Optional.of(now);
    }
    if (draft.phase == TaskPhase.STOPPING && nothingLives(draft)) {
      draft.phase = TaskPhase.DEPROVISIONING;
      draft.executionStoppedAt = Optional.of(now);
      draft.containers.values().forEach(each -> each.status = ContainerReport.Status.STOPPED);
    }
    if (draft.phase == TaskPhase.DEPROVISIONING && nothingIsLeft(draft)) {
      draft.phase = TaskPhase.STOPPED;
    }
  }

  /** A container is marked once everything that it needs is there; from then on it is started. */
  private static void settleStarts(TaskDraft draft) {
    var waiting =
        draft.containers.values().stream()
            .filter(each -> !each.mayHaveStarted && !each.isStopped())
            .toList();
    if (waiting.stream().anyMatch(each -> each.standing != Standing.CREATED)) {
      return; // Not all are made yet, and what cannot be made must not find the others running.
    }
    for (var container : waiting) {
      var never = StartConditions.whyNever(draft, container);
      if (never.isPresent()) {
        draft.failToStart(TaskReconciler.FAILED_TO_START);
        container.reason = never;
      } else if (StartConditions.hold(draft, container)) {
        container.mayHaveStarted = true;
      }
    }
  }

  private static boolean allHaveStarted(TaskDraft draft) {
    return draft.containers.values().stream()
        .noneMatch(each -> each.status == ContainerReport.Status.PENDING);
  }

  private static boolean hasEnded(TaskDraft draft) {
    var containers = draft.containers.values();
    return containers.stream().anyMatch(each -> each.essential && each.isStopped())
        || containers.stream().allMatch(TaskDraft.Container::isStopped);
  }

  private static boolean nothingLives(TaskDraft draft) {
    return draft.inFlight.stream().noneMatch(TaskStep.Making.class::isInstance)
        && draft.containers.values().stream().noneMatch(TaskDraft.Container::mayLive);
  }

  private static boolean nothingIsLeft(TaskDraft draft) {
    return draft.rootsRemoved
        && draft.networkDetached
        && draft.cgroupRemoved
        && draft.imagesReleased
        && draft.containers.values().stream().allMatch(each -> each.standing == Standing.ABSENT);
  }
}
