package dev.berth.agent.task;

import static dev.berth.agent.task.LaunchTimings.time;

import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.task.ContainerProgress.Standing;
import dev.berth.agent.task.TaskChange.Span;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.TaskPhase;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What a step that was done, or has failed, makes of a task. Pure. */
final class StepOutcomes {
  private static final String NOT_INITIALISED = "ResourceInitializationError";

  private static final String SECRETS_NOT_PULLED =
      NOT_INITIALISED
          + ": unable to pull secrets or registry auth: execution resource"
          + " retrieval failed: ";

  private StepOutcomes() {}

  static void done(TaskDraft draft, TaskStep step, Outcome outcome, Span span, Instant now) {
    switch (step) {
      case TaskStep.OpenLogs() -> draft.logsOpened = true;
      case TaskStep.PrepareCgroup() -> draft.cgroupPrepared = true;
      case TaskStep.AttachNetwork() -> {
        draft.networkAttached = true;
        draft.connectivityAt = draft.connectivityAt.or(() -> Optional.of(now));
        time(draft, LaunchTiming.Phase.NETWORK, span);
      }
      case TaskStep.ResolveImage(var name) -> {
        if (outcome instanceof Outcome.Resolved resolved) {
          resolved(draft, draft.container(name), resolved, span, now);
        }
      }
      case TaskStep.ResolveSecrets() -> draft.secretsResolved = true;
      case TaskStep.AwaitLaunchSlot() -> draft.launchSlot = true;
      case TaskStep.MountRoot(var name) -> {
        draft.container(name).rootMounted = true;
        time(draft, LaunchTiming.Phase.SNAPSHOT, span);
      }
      case TaskStep.PrepareVolumes() -> draft.volumesPrepared = true;
      case TaskStep.CreateContainer(var name) -> {
        var container = draft.container(name);
        container.standing = Standing.CREATED;
        container.runtimeId =
            Optional.of(new ContainerKey(draft.assignment.spec().id(), name).runtimeId());
        time(draft, LaunchTiming.Phase.CREATE, span);
      }
      case TaskStep.StartContainer(var name) -> {
        running(draft.container(name), now);
        time(draft, LaunchTiming.Phase.START, span);
      }
      case TaskStep.InspectContainer(var name) -> inspected(draft, name, outcome, now);
      case TaskStep.AwaitExit(var name) -> {
        if (outcome instanceof Outcome.Ended ended) {
          ended(draft, draft.container(name), ended);
        }
      }
      case TaskStep.CheckHealth(var name, var restartCount) -> {
        if (outcome instanceof Outcome.Checked(var passed)) {
          ContainerHealth.checked(draft.container(name), restartCount, passed, now);
        }
      }
      case TaskStep.LookForOutput _ -> {
        draft.lookCount++;
        if (outcome instanceof Outcome.FirstOutput(var at)) {
          LaunchTimings.firstOutput(draft, at);
        }
      }
      case TaskStep.AwaitStartTimeout(var name) -> draft.container(name).startTimeoutOver = true;
      case TaskStep.Terminate(var name, _) -> {
        var container = draft.container(name);
        container.terminatedAt = container.terminatedAt.or(() -> Optional.of(now));
      }
      case TaskStep.AwaitStopTimeout(var name) -> draft.container(name).stopTimeoutOver = true;
      case TaskStep.Kill(var name) -> draft.container(name).killed = true;
      case TaskStep.DeleteContainer(var name) -> draft.container(name).standing = Standing.ABSENT;
      case TaskStep.RemoveRoots() -> draft.rootsRemoved = true;
      case TaskStep.DetachNetwork() -> draft.networkDetached = true;
      case TaskStep.RemoveCgroup() -> draft.cgroupRemoved = true;
      case TaskStep.ReleaseImages() -> draft.imagesReleased = true;
    }
  }

  private static void resolved(
      TaskDraft draft,
      TaskDraft.Container container,
      Outcome.Resolved resolved,
      Span span,
      Instant now) {
    container.imageResolved = true;
    container.imageDigest = Optional.of(resolved.digest());
    container.stopSignal = resolved.stopSignal();
    time(draft, LaunchTiming.Phase.IMAGE, span);
    var startedAt = now.minusNanos(Math.max(0, span.durationMicros()) * 1_000);
    draft.pullStartedAt =
        Optional.of(draft.pullStartedAt.filter(startedAt::isAfter).orElse(startedAt));
    if (draft.containers.values().stream().allMatch(each -> each.imageResolved)) {
      draft.pullStoppedAt = Optional.of(now);
    }
  }

  private static void running(TaskDraft.Container container, Instant now) {
    container.standing = Standing.RUNNING;
    container.status = ContainerReport.Status.RUNNING;
    container.startedAt = container.startedAt.or(() -> Optional.of(now));
    container.awaitedSince = container.awaitedSince.or(() -> container.startedAt);
  }

  private static void inspected(TaskDraft draft, String name, Outcome outcome, Instant now) {
    var container = draft.container(name);
    switch (outcome) {
      case Outcome.Ended ended -> ended(draft, container, ended);
      case Outcome.Stands(var standing) -> {
        container.standing = standing;
        if (standing == Standing.RUNNING) {
          running(container, now);
        } else if (standing == Standing.ABSENT) {
          // It was created, and nobody but this agent deletes: what became of it is not known.
          ended(
              draft,
              container,
              new Outcome.Ended(OptionalInt.empty(), now, false, Optional.empty()));
          container.standing = Standing.ABSENT;
        }
      }
      case Outcome.Done _, Outcome.Resolved _, Outcome.FirstOutput _, Outcome.Checked _ -> {}
    }
  }

  private static void ended(TaskDraft draft, TaskDraft.Container container, Outcome.Ended ended) {
    container.standing = Standing.ENDED;
    if (container.isStopped()) {
      return;
    }
    LaunchTimings.firstOutput(draft, ended.firstOutputAt());
    if (RestartRules.apply(draft, container, ended)) {
      container.restart();
      return;
    }
    container.status = ContainerReport.Status.STOPPED;
    container.startedAt = container.startedAt.or(() -> Optional.of(ended.at()));
    container.stoppedAt = Optional.of(ended.at());
    container.exitCode = ended.exitCode();
    if (ended.outOfMemory()) {
      container.reason = Optional.of(TaskReconciler.OUT_OF_MEMORY);
    } else if (ended.exitCode().isEmpty()) {
      container.reason = Optional.of(TaskReconciler.EXIT_CODE_LOST);
    }
  }

  static void failed(TaskDraft draft, TaskStep step, String why, Instant now) {
    switch (step) {
      case TaskStep.ResolveImage(var name) -> {
        var text = named("CannotPullContainerError", why);
        draft.failToStart(text);
        draft.container(name).reason = Optional.of(text);
      }
      case TaskStep.ResolveSecrets() -> {
        // A container that is only started again waits until they can be had.
        if (draft.phase == TaskPhase.PENDING) {
          draft.failToStart(why.startsWith(NOT_INITIALISED) ? why : SECRETS_NOT_PULLED + why);
        }
      }
      case TaskStep.OpenLogs _,
          TaskStep.PrepareCgroup _,
          TaskStep.AttachNetwork _,
          TaskStep.PrepareVolumes _,
          TaskStep.AwaitLaunchSlot _ ->
          draft.failToStart(named(NOT_INITIALISED, why));
      case TaskStep.MountRoot(var name) ->
          notStarted(draft, draft.container(name), named("CannotCreateContainerError", why), now);
      case TaskStep.CreateContainer(var name) -> {
        draft.container(name).standing = Standing.UNKNOWN;
        notStarted(draft, draft.container(name), named("CannotCreateContainerError", why), now);
      }
      case TaskStep.StartContainer(var name) -> {
        draft.container(name).standing = Standing.UNKNOWN;
        notStarted(draft, draft.container(name), named("CannotStartContainerError", why), now);
      }
      case TaskStep.AwaitExit(var name) -> draft.container(name).standing = Standing.UNKNOWN;
      case TaskStep.CheckHealth(var name, var restartCount) ->
          ContainerHealth.checked(draft.container(name), restartCount, false, now);
      case TaskStep.LookForOutput _ -> draft.lookCount++;
      case TaskStep.InspectContainer _,
          TaskStep.AwaitStartTimeout _,
          TaskStep.Terminate _,
          TaskStep.AwaitStopTimeout _,
          TaskStep.Kill _,
          TaskStep.DeleteContainer _,
          TaskStep.RemoveRoots _,
          TaskStep.DetachNetwork _,
          TaskStep.RemoveCgroup _,
          TaskStep.ReleaseImages _ -> {} // Tried again.
    }
  }

  /**
   * A task whose container does not start ends; one that could not be started again stays ended.
   */
  private static void notStarted(
      TaskDraft draft, TaskDraft.Container container, String text, Instant now) {
    container.reason = Optional.of(text);
    if (container.restartCount == 0) {
      draft.failToStart(TaskReconciler.FAILED_TO_START);
    } else {
      container.status = ContainerReport.Status.STOPPED;
      container.stoppedAt = Optional.of(now);
    }
  }

  private static String named(String error, String why) {
    return why.startsWith(error) ? why : error + ": " + why;
  }
}
