package dev.berth.model.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a host knows of a task. A report is a whole, not a difference: the one with the highest
 * sequence wins, so reports may be lost, doubled or come out of order.
 *
 * @param sequence grows with every change on the host
 * @param stopReason why it stopped or is stopping, once it is
 */
public record TaskReport(
    TaskId task,
    long sequence,
    TaskPhase phase,
    List<ContainerReport> containers,
    Optional<StopReason> stopReason,
    Optional<Instant> pullStartedAt,
    Optional<Instant> pullStoppedAt,
    Optional<Instant> connectivityAt,
    Optional<Instant> startedAt,
    Optional<Instant> stoppingAt,
    Optional<Instant> executionStoppedAt,
    List<LaunchTiming> timings) {
  public TaskReport {
    containers = List.copyOf(containers);
    timings = List.copyOf(timings);
  }

  /** A container's; unknown where the report has none. */
  public Health health(String container) {
    return containers.stream()
        .filter(each -> each.name().equals(container))
        .findFirst()
        .flatMap(ContainerReport::health)
        .orElse(Health.UNKNOWN);
  }
}
