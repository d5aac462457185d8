package dev.berth.model.task;

import dev.berth.model.host.HostId;
import java.util.Optional;

/**
 * Where a task stands.
 *
 * <pre>
 *   Provisioning ──▶ Pending ──▶ Running ──▶ Stopping ──▶ Deprovisioning ──▶ Stopped
 *        │              └────────────────────────▲               ▲             ▲
 *        └───────────── never placed, or its host was lost ──────┴─────────────┘
 * </pre>
 *
 * <p>Invariants: a task only moves down this list, {@link Stopped} is final, and it never has a
 * second host. The first reason to stop wins.
 */
public sealed interface TaskState {
  /** Accepted, and no host has room for it yet. */
  record Provisioning() implements TaskState {}

  /** Told to a host that has not yet started it. {@code stop} is present once it should end. */
  record Pending(HostId host, Optional<StopReason> stop) implements TaskState {}

  /** Its containers run. {@code stop} is present once it should end. */
  record Running(HostId host, Optional<StopReason> stop) implements TaskState {}

  /** Its host is ending its containers. */
  record Stopping(HostId host, StopReason reason) implements TaskState {}

  /** No process is left; its host takes down what it made for it. */
  record Deprovisioning(HostId host, StopReason reason) implements TaskState {}

  /**
   * It has ended.
   *
   * @param heldBy the host that was lost with it and has not yet said that nothing of it is left:
   *     until then the task still counts against that host's capacity
   */
  record Stopped(StopReason reason, Optional<HostId> heldBy) implements TaskState {}

  /** The lifecycle as one table: a new state or event does not compile until it has its rows. */
  static TaskState next(TaskState state, TaskEvent event) {
    return switch (event) {
      case TaskEvent.Placed(var host) -> placed(state, host);
      case TaskEvent.StopRequested(var reason) -> stopRequested(state, reason);
      case TaskEvent.Reported(var phase, var reason) -> reported(state, phase, reason);
      case TaskEvent.HostLost(var reason) -> hostLost(state, reason);
    };
  }

  private static TaskState placed(TaskState state, HostId host) {
    return switch (state) {
      case Provisioning _ -> new Pending(host, Optional.empty());
      case Pending _, Running _, Stopping _, Deprovisioning _, Stopped _ ->
          throw new IllegalStateException("a task is placed once only; it is " + state);
    };
  }

  private static TaskState stopRequested(TaskState state, StopReason reason) {
    return switch (state) {
      case Provisioning _ -> new Stopped(reason, Optional.empty());
      case Pending(var host, var stop) -> new Pending(host, Optional.of(stop.orElse(reason)));
      case Running(var host, var stop) -> new Running(host, Optional.of(stop.orElse(reason)));
      case Stopping _, Deprovisioning _, Stopped _ -> state;
    };
  }

  private static TaskState reported(
      TaskState state, TaskPhase phase, Optional<StopReason> reported) {
    return switch (state) {
      case Provisioning _ ->
          throw new IllegalStateException("no host can report a task that was told to none");
      case Pending(var host, var stop) -> moved(state, host, phase, stop.or(() -> reported));
      case Running(var host, var stop) -> moved(state, host, phase, stop.or(() -> reported));
      case Stopping(var host, var first) -> moved(state, host, phase, Optional.of(first));
      case Deprovisioning(var host, var first) -> moved(state, host, phase, Optional.of(first));
      // A lost host came back and has cleaned up. Anything else is late news.
      case Stopped(var first, _) when phase == TaskPhase.STOPPED ->
          new Stopped(first, Optional.empty());
      case Stopped _ -> state;
    };
  }

  private static TaskState moved(
      TaskState state, HostId host, TaskPhase phase, Optional<StopReason> stop) {
    if (phase.compareTo(phaseOf(state)) <= 0) {
      return state;
    }
    StopReason reason = stop.orElse(UNEXPLAINED);
    return switch (phase) {
      case PENDING -> state;
      case RUNNING -> new Running(host, stop);
      case STOPPING -> new Stopping(host, reason);
      case DEPROVISIONING -> new Deprovisioning(host, reason);
      case STOPPED -> new Stopped(reason, Optional.empty());
    };
  }

  private static TaskState hostLost(TaskState state, StopReason reason) {
    return switch (state) {
      case Provisioning _, Stopped _ -> state;
      case Pending(var host, var stop) -> new Stopped(stop.orElse(reason), Optional.of(host));
      case Running(var host, var stop) -> new Stopped(stop.orElse(reason), Optional.of(host));
      case Stopping(var host, var first) -> new Stopped(first, Optional.of(host));
      case Deprovisioning(var host, var first) -> new Stopped(first, Optional.of(host));
    };
  }

  /** Should never be seen: a host gives a reason with every stop. */
  StopReason UNEXPLAINED =
      new StopReason(StopCode.TASK_FAILED_TO_START, "The host gave no reason.");

  private static TaskPhase phaseOf(TaskState state) {
    return switch (state) {
      case Provisioning _, Pending _ -> TaskPhase.PENDING;
      case Running _ -> TaskPhase.RUNNING;
      case Stopping _ -> TaskPhase.STOPPING;
      case Deprovisioning _ -> TaskPhase.DEPROVISIONING;
      case Stopped _ -> TaskPhase.STOPPED;
    };
  }

  /** The host that the task takes room on, if any. */
  default Optional<HostId> holder() {
    return switch (this) {
      case Provisioning _ -> Optional.empty();
      case Pending(var host, _) -> Optional.of(host);
      case Running(var host, _) -> Optional.of(host);
      case Stopping(var host, _) -> Optional.of(host);
      case Deprovisioning(var host, _) -> Optional.of(host);
      case Stopped(_, var heldBy) -> heldBy;
    };
  }

  /** Why it stops or stopped; empty while it should run. */
  default Optional<StopReason> stopReason() {
    return switch (this) {
      case Provisioning _ -> Optional.empty();
      case Pending(_, var stop) -> stop;
      case Running(_, var stop) -> stop;
      case Stopping(_, var reason) -> Optional.of(reason);
      case Deprovisioning(_, var reason) -> Optional.of(reason);
      case Stopped(var reason, _) -> Optional.of(reason);
    };
  }

  default boolean isStopped() {
    return this instanceof Stopped;
  }

  /** ECS's {@code lastStatus}. */
  default String lastStatus() {
    return switch (this) {
      case Provisioning _ -> "PROVISIONING";
      case Pending _ -> "PENDING";
      case Running _ -> "RUNNING";
      case Stopping _ -> "STOPPING";
      case Deprovisioning _ -> "DEPROVISIONING";
      case Stopped _ -> "STOPPED";
    };
  }

  /** ECS's {@code desiredStatus}. */
  default String desiredStatus() {
    return stopReason().isPresent() ? "STOPPED" : "RUNNING";
  }
}
