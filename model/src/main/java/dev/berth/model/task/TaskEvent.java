package dev.berth.model.task;

import dev.berth.model.host.HostId;
import java.util.Optional;

/** What can happen to a task. */
public sealed interface TaskEvent {
  /** A host was chosen. */
  record Placed(HostId host) implements TaskEvent {}

  /** Somebody wants it to end. */
  record StopRequested(StopReason reason) implements TaskEvent {}

  /** Its host said how far it is. Reports may come twice, late or out of order. */
  record Reported(TaskPhase phase, Optional<StopReason> reason) implements TaskEvent {}

  /** Its host has been silent for too long. */
  record HostLost(StopReason reason) implements TaskEvent {}
}
