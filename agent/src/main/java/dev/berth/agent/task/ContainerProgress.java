package dev.berth.agent.task;

/**
 * What this life of the agent knows of a container, and forgets with it.
 *
 * @param stopTimeoutOver its time to end by itself is over
 * @param killed SIGKILL was sent
 * @param startTimeoutOver others that wait for it have waited long enough
 * @param failedCheckCount health checks that have failed in a row
 */
record ContainerProgress(
    Standing standing,
    boolean imageResolved,
    boolean rootMounted,
    boolean stopTimeoutOver,
    boolean killed,
    boolean startTimeoutOver,
    int failedCheckCount) {

  /** Where the runtime stands with a container. */
  enum Standing {
    /** Nobody has looked yet. */
    UNKNOWN,
    /** The runtime knows nothing of it. */
    ABSENT,
    /** Its process waits to be started. */
    CREATED,
    RUNNING,
    /** Its process has ended; the runtime still knows it. */
    ENDED
  }

  static ContainerProgress of(Standing standing) {
    return new ContainerProgress(standing, false, false, false, false, false, 0);
  }
}
