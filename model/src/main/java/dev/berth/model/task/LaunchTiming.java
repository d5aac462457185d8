package dev.berth.model.task;

/**
 * When one phase of a launch began and how long it took.
 *
 * @param startEpochMicros wall clock of the machine that did it, microseconds since 1970
 * @param durationMicros from that machine's monotonic clock
 */
public record LaunchTiming(Phase phase, long startEpochMicros, long durationMicros) {

  /** The phases of a launch, in order. */
  public enum Phase {
    /** The gateway read, verified and decoded the request. */
    ACCEPT,
    /** The command was checked and a host chosen. */
    PLACE,
    /** The task was made durable. */
    COMMIT,
    /** From the commit until the host's agent had it. */
    DELIVER,
    /** The image was resolved and, if need be, pulled and unpacked. */
    IMAGE,
    /** The root file system was mounted. */
    SNAPSHOT,
    /** The network namespace was made or taken from the pool. */
    NETWORK,
    /** The runtime created the container. */
    CREATE,
    /** The runtime started its process. */
    START,
    /** From the start until the container's first byte of output; absent while it is silent. */
    FIRST_OUTPUT
  }
}
