package dev.berth.model.task;

import dev.berth.model.cluster.ClusterId;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.Arn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task: what it should be, where it stands, and what its host last said of it.
 *
 * @param version grows with every change
 * @param placedOn where it was placed, also after it has ended: its output is there
 * @param waitingBecause for the operator, while no host has room
 * @param report the newest report of its host
 * @param timings of the control plane's own phases
 */
public record Task(
    TaskSpec spec,
    TaskOrigin origin,
    TaskState state,
    long version,
    Map<String, String> tags,
    Instant createdAt,
    Optional<Instant> stopRequestedAt,
    Optional<Instant> stoppedAt,
    Optional<PlacedOn> placedOn,
    Optional<String> waitingBecause,
    Optional<TaskReport> report,
    List<LaunchTiming> timings) {
  public Task {
    tags = Map.copyOf(tags);
    timings = List.copyOf(timings);
  }

  /**
   * A host, and the boot of it for which the task was placed: on another one it is never started.
   */
  public record PlacedOn(HostId host, String bootId) {}

  public TaskId id() {
    return spec.id();
  }

  public ClusterId cluster() {
    return new ClusterId(spec.realm(), spec.cluster());
  }

  public TaskDefinitionId definition() {
    return new TaskDefinitionId(spec.realm(), spec.family(), spec.revision());
  }

  public Arn arn() {
    return spec.realm().arn("ecs", "task/" + spec.cluster() + "/" + spec.id());
  }

  /**
   * By ECS's rule: only essential containers with a health check count; one that is unhealthy makes
   * the task so, and it is healthy once all of them are.
   */
  public Health health() {
    var checked =
        spec.containers().stream()
            .filter(each -> each.essential() && each.supervision().healthCheck().isPresent())
            .map(each -> report.map(told -> told.health(each.name())).orElse(Health.UNKNOWN))
            .toList();
    if (checked.contains(Health.UNHEALTHY)) {
      return Health.UNHEALTHY;
    }
    return checked.isEmpty() || checked.contains(Health.UNKNOWN) ? Health.UNKNOWN : Health.HEALTHY;
  }

  /** The task after an event at that time. What it leaves as it was is the same object. */
  public Task after(TaskEvent event, Instant now) {
    TaskState next = TaskState.next(state, event);
    return next.equals(state) ? this : moved(next, now);
  }

  /** The task after its host's report; an old one changes nothing. */
  public Task reported(TaskReport newer, Instant now) {
    if (report.isPresent() && report.get().sequence() >= newer.sequence()) {
      return this;
    }
    Task moved = after(new TaskEvent.Reported(newer.phase(), newer.stopReason()), now);
    return moved.with(Optional.of(newer), moved.timings).bumped(version + 1);
  }

  /** Placed on a host, for that boot of it. */
  public Task placed(TaskEvent.Placed event, String bootId, Instant now) {
    Task placed = after(event, now);
    return new Task(
        spec,
        origin,
        placed.state,
        placed.version,
        tags,
        createdAt,
        stopRequestedAt,
        stoppedAt,
        Optional.of(new PlacedOn(event.host(), bootId)),
        Optional.empty(),
        report,
        timings);
  }

  public Task waiting(String because) {
    return new Task(
        spec,
        origin,
        state,
        version,
        tags,
        createdAt,
        stopRequestedAt,
        stoppedAt,
        placedOn,
        Optional.of(because),
        report,
        timings);
  }

  public Task withTags(Map<String, String> newTags) {
    return new Task(
        spec,
        origin,
        state,
        version + 1,
        newTags,
        createdAt,
        stopRequestedAt,
        stoppedAt,
        placedOn,
        waitingBecause,
        report,
        timings);
  }

  public Task withTimings(List<LaunchTiming> newTimings) {
    return with(report, newTimings);
  }

  private Task moved(TaskState next, Instant now) {
    return new Task(
        spec,
        origin,
        next,
        version + 1,
        tags,
        createdAt,
        next.stopReason().isPresent() ? Optional.of(stopRequestedAt.orElse(now)) : stopRequestedAt,
        next.isStopped() ? Optional.of(stoppedAt.orElse(now)) : stoppedAt,
        placedOn,
        next instanceof TaskState.Provisioning ? waitingBecause : Optional.empty(),
        report,
        timings);
  }

  private Task with(Optional<TaskReport> newReport, List<LaunchTiming> newTimings) {
    return new Task(
        spec,
        origin,
        state,
        version,
        tags,
        createdAt,
        stopRequestedAt,
        stoppedAt,
        placedOn,
        waitingBecause,
        newReport,
        newTimings);
  }

  private Task bumped(long newVersion) {
    return new Task(
        spec,
        origin,
        state,
        newVersion,
        tags,
        createdAt,
        stopRequestedAt,
        stoppedAt,
        placedOn,
        waitingBecause,
        report,
        timings);
  }
}
