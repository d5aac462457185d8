package dev.berth.agent.task;

import dev.berth.model.task.ContainerReport.Status;
import dev.berth.model.task.Health;
import dev.berth.model.task.Supervision.Condition;
import dev.berth.model.task.Supervision.Dependency;
import java.util.Optional;

/**
 * When a container may start, by what it depends on. Pure.
 *
 * <p>The conditions are ECS's. The words for one that can never come true are our own: AWS's are
 * not documented.
 */
final class StartConditions {
  private StartConditions() {}

  /** Whether all that the container depends on is as it wants it. */
  static boolean hold(TaskDraft draft, TaskDraft.Container container) {
    return container.restartCount > 0
        || container.spec.supervision().dependsOn().stream().allMatch(each -> holds(draft, each));
  }

  private static boolean holds(TaskDraft draft, Dependency dependency) {
    var on = draft.container(dependency.container());
    return switch (dependency.condition()) {
      case START -> on.status != Status.PENDING;
      case COMPLETE -> on.isStopped();
      case SUCCESS -> on.isStopped() && succeeded(on);
      case HEALTHY -> !on.isStopped() && on.health.equals(Optional.of(Health.HEALTHY));
    };
  }

  /** Why the container will never start, once that is certain. */
  static Optional<String> whyNever(TaskDraft draft, TaskDraft.Container container) {
    if (container.restartCount > 0) {
      return Optional.empty();
    }
    return container.spec.supervision().dependsOn().stream()
        .filter(each -> !holds(draft, each))
        .flatMap(each -> whyNever(draft.container(each.container()), each.condition()).stream())
        .findFirst()
        .map(
            why ->
                "CannotStartContainerError: container '%s' was not started: %s"
                    .formatted(container.name, why));
  }

  private static Optional<String> whyNever(TaskDraft.Container on, Condition condition) {
    if (on.isStopped()) {
      return Optional.of(
          "its dependency '%s' has ended%s, which does not meet the condition %s"
              .formatted(
                  on.name,
                  on.exitCode.isPresent() ? " with exit code " + on.exitCode.getAsInt() : "",
                  condition));
    }
    if (on.startTimeoutOver && condition != Condition.START) {
      return Optional.of(
          "its dependency '%s' did not meet the condition %s within its startTimeout of %d seconds"
              .formatted(
                  on.name, condition, on.spec.supervision().startTimeoutSeconds().orElseThrow()));
    }
    return Optional.empty();
  }

  private static boolean succeeded(TaskDraft.Container container) {
    return container.exitCode.isPresent() && container.exitCode.getAsInt() == 0;
  }
}
