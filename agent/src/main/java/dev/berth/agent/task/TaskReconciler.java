package dev.berth.agent.task;

import dev.berth.agent.journal.TaskRecord;
import dev.berth.agent.task.ContainerProgress.Standing;
import dev.berth.link.format.RecordFormat;
import dev.berth.link.message.TaskAssignment;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a task on this host becomes by a change: first what a step brought, by {@link StepOutcomes},
 * then what follows from all facts together, by {@link TaskCourse}.
 *
 * <p>Pure: no clock, disk or thread. Every change may come late or twice. The first reason to stop
 * wins, and a task never goes back to an earlier phase.
 */
final class TaskReconciler {
  static final String ESSENTIAL_EXITED = "Essential container in task exited";
  static final String FAILED_TO_START = "Task failed to start";
  static final String OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";
  static final String EXIT_CODE_LOST =
      "PlatformError: the container's exit code was lost: its monitor ended before it";
  static final String HOST_RESTARTED =
      "Host restarted: the machine that the task was placed on was started anew";
  static final String NETWORK_LOST = "PlatformError: the task's network was lost: ";
  static final String NOT_WANTED = "The task is no longer assigned to its host";

  private TaskReconciler() {}

  /** A task as control has just told it. On another boot than it was placed for it only ends. */
  static LocalTask told(
      TaskAssignment assignment, String bootId, long sequence, Instant arrivedAt) {
    var arrival =
        new LaunchTiming(LaunchTiming.Phase.DELIVER, LaunchTimings.epochMicros(arrivedAt), 0);
    var reports = assignment.spec().containers().stream().map(ContainerReport::pending).toList();
    var report =
        new TaskReport(
            assignment.spec().id(),
            sequence,
            TaskPhase.PENDING,
            reports,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(arrival));
    var record = new TaskRecord(RecordFormat.VERSION, assignment, false, report, Map.of());
    var draft = new TaskDraft(new LocalTask(record, fresh(assignment, Standing.ABSENT)));
    if (!assignment.bootId().equals(bootId)) {
      hostRestarted(draft, arrivedAt);
    }
    TaskCourse.settle(draft, arrivedAt);
    return draft.finish();
  }

  /** A task that is not started here for that reason; it only ends. */
  static LocalTask refused(
      TaskAssignment assignment, String bootId, String why, long sequence, Instant now) {
    var draft = new TaskDraft(told(assignment, bootId, sequence, now));
    draft.failToStart(why);
    draft.containers.values().forEach(container -> container.standing = Standing.UNKNOWN);
    TaskCourse.settle(draft, now);
    return draft.finish();
  }

  /** A task as an earlier life of the agent wrote it down. */
  static LocalTask found(TaskRecord record, String bootId, long sequenceMin, Instant now) {
    var draft = new TaskDraft(new LocalTask(record, fresh(record.assignment(), Standing.UNKNOWN)));
    draft.sequence = Math.max(record.report().sequence() + 1, sequenceMin);
    if (!record.assignment().bootId().equals(bootId) && record.phase() != TaskPhase.STOPPED) {
      hostRestarted(draft, now);
    }
    TaskCourse.settle(draft, now);
    return draft.finish();
  }

  private static TaskProgress fresh(TaskAssignment assignment, Standing standing) {
    var containers = new HashMap<String, ContainerProgress>();
    for (ContainerSpec container : assignment.spec().containers()) {
      containers.put(container.name(), ContainerProgress.of(standing));
    }
    return new TaskProgress(
        !assignment.spec().needsValues(),
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        0,
        containers,
        Set.of(),
        Map.of());
  }

  private static void hostRestarted(TaskDraft draft, Instant now) {
    var code =
        draft.startedAt.isPresent()
            ? StopCode.ESSENTIAL_CONTAINER_EXITED
            : StopCode.TASK_FAILED_TO_START;
    draft.stopReason = draft.stopReason.or(() -> Optional.of(new StopReason(code, HOST_RESTARTED)));
    for (var container : draft.containers.values()) {
      if (!container.isStopped()) {
        container.status = ContainerReport.Status.STOPPED;
        container.reason = container.reason.or(() -> Optional.of(HOST_RESTARTED));
        container.stoppedAt = container.startedAt.map(_ -> now);
      }
    }
  }

  static LocalTask next(LocalTask task, TaskChange change, Instant now) {
    var draft = new TaskDraft(task);
    switch (change) {
      case TaskChange.Told(var assignment) -> toldAgain(draft, assignment);
      case TaskChange.NoLongerWanted() -> draft.unwanted = true;
      case TaskChange.NetworkLost(var why) ->
          draft.stopReason =
              draft.stopReason.or(
                  () ->
                      Optional.of(new StopReason(StopCode.TERMINATION_NOTICE, NETWORK_LOST + why)));
      case TaskChange.StepDone(var step, var outcome, var span) -> {
        draft.inFlight.remove(step);
        draft.failureCounts.remove(step);
        StepOutcomes.done(draft, step, outcome, span, now);
      }
      case TaskChange.StepFailed(var step, var why) -> {
        draft.inFlight.remove(step);
        draft.failureCounts.merge(step, 1, Integer::sum);
        StepOutcomes.failed(draft, step, why, now);
      }
    }
    TaskCourse.settle(draft, now);
    var after = draft.finish();
    if (after.isNewsAfter(task)) {
      draft.sequence++;
      return draft.finish();
    }
    return after;
  }

  /** The same task with steps begun. */
  static LocalTask begun(LocalTask task, List<PlannedStep> steps) {
    var draft = new TaskDraft(task);
    steps.forEach(planned -> draft.inFlight.add(planned.step()));
    return draft.finish();
  }

  private static void toldAgain(TaskDraft draft, TaskAssignment assignment) {
    draft.unwanted = false;
    if (draft.assignment.stop().isEmpty()) {
      draft.assignment =
          new TaskAssignment(draft.assignment.spec(), draft.assignment.bootId(), assignment.stop());
    }
  }
}
