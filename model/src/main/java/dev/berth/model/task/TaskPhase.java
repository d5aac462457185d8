package dev.berth.model.task;

/** How far a host is with a task, in the order of its life. A task never goes back. */
public enum TaskPhase {
  /** Told, and being prepared: image, file system, network, containers. */
  PENDING,
  /** Every container that must run from the start has been started. */
  RUNNING,
  /** Being stopped: SIGTERM is sent or about to be. */
  STOPPING,
  /** No process is left; file systems, network and cgroup are being taken down. */
  DEPROVISIONING,
  /** Nothing of the task is left on the host but its record and its output. */
  STOPPED
}
