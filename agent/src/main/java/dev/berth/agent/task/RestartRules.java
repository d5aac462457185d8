package dev.berth.agent.task;

import dev.berth.model.task.TaskPhase;
import java.time.Duration;

/** Whether a container that has ended is started again, by ECS's rules. Pure. */
final class RestartRules {
  private RestartRules() {}

  /** Not when the task is to stop, nor when the container ran too short. */
  static boolean apply(TaskDraft draft, TaskDraft.Container container, Outcome.Ended ended) {
    var policy = container.spec.supervision().restartPolicy();
    if (policy.isEmpty()
        || draft.stopReason.isPresent()
        || draft.assignment.stop().isPresent()
        || draft.unwanted
        || draft.phase.compareTo(TaskPhase.RUNNING) > 0) {
      return false;
    }
    if (ended.exitCode().isPresent()
        && policy.get().ignoredExitCodes().contains(ended.exitCode().getAsInt())) {
      return false;
    }
    var ranAtLeast = Duration.ofSeconds(policy.get().attemptPeriodSeconds());
    return container
        .startedAt
        .map(at -> Duration.between(at, ended.at()).compareTo(ranAtLeast) >= 0)
        .orElse(false);
  }
}
