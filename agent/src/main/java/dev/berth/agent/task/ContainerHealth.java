package dev.berth.agent.task;

import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.Health;
import java.time.Instant;
import java.util.Optional;

/** What health checks make of a container, by Docker's rules. Pure. */
final class ContainerHealth {
  private ContainerHealth() {}

  /**
   * One check has come to its end.
   *
   * @param restartCount of the container when the check was planned: an older one's says nothing
   */
  static void checked(
      TaskDraft.Container container, int restartCount, boolean passed, Instant now) {
    var check = container.spec.supervision().healthCheck();
    if (check.isEmpty()
        || restartCount != container.restartCount
        || container.status != ContainerReport.Status.RUNNING) {
      return;
    }
    if (passed) {
      container.failedCheckCount = 0;
      container.health = Optional.of(Health.HEALTHY);
      return;
    }
    boolean starting =
        container.health.equals(Optional.of(Health.UNKNOWN))
            && container
                .startedAt
                .map(at -> now.isBefore(at.plusSeconds(check.get().startPeriodSeconds())))
                .orElse(false);
    if (starting) {
      return;
    }
    container.failedCheckCount++;
    if (container.failedCheckCount >= check.get().retries()) {
      container.health = Optional.of(Health.UNHEALTHY);
    }
  }
}
