package dev.berth.model.task;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a host sees to around a container's process: when it may start, whether it is healthy, and
 * whether it is started again.
 *
 * @param dependsOn it starts once all of these hold, and is stopped before any of those containers
 * @param startTimeoutSeconds how long others wait for it to reach what they depend on; for ever
 *     when absent
 */
public record Supervision(
    List<Dependency> dependsOn,
    OptionalInt startTimeoutSeconds,
    Optional<HealthCheck> healthCheck,
    Optional<RestartPolicy> restartPolicy) {
  public static final Supervision NONE =
      new Supervision(List.of(), OptionalInt.empty(), Optional.empty(), Optional.empty());

  public Supervision {
    dependsOn = List.copyOf(dependsOn);
  }

  /** What must hold of another container of the task. */
  public record Dependency(String container, Condition condition) {}

  /** ECS's conditions by their own names. */
  public enum Condition {
    /** It has been started. */
    START,
    /** It has ended. */
    COMPLETE,
    /** It has ended with exit code 0. */
    SUCCESS,
    /** Its health check has passed. */
    HEALTHY
  }

  /**
   * A command that is run in the container, and passes with exit code 0. The first run is one
   * interval after the container's start, and each other one an interval after the end of the one
   * before it.
   *
   * @param command the program and its arguments
   * @param timeoutSeconds a run that takes longer is killed and has failed
   * @param retries so many failures in a row make the container unhealthy
   * @param startPeriodSeconds after the container's start; until then, or until a run has passed, a
   *     failure does not count
   */
  public record HealthCheck(
      List<String> command,
      int intervalSeconds,
      int timeoutSeconds,
      int retries,
      int startPeriodSeconds) {
    public HealthCheck {
      command = List.copyOf(command);
    }
  }

  /**
   * The container is started again when it ends while the task goes on.
   *
   * @param ignoredExitCodes with one of these it stays ended
   * @param attemptPeriodSeconds it must have run that long since its last start
   */
  public record RestartPolicy(Set<Integer> ignoredExitCodes, int attemptPeriodSeconds) {
    /** ECS's own. */
    public static final int ATTEMPT_PERIOD_SECONDS_DEFAULT = 300;

    public RestartPolicy {
      ignoredExitCodes = Set.copyOf(ignoredExitCodes);
    }
  }
}
