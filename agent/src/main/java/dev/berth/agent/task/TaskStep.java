package dev.berth.agent.task;

/**
 * A small step of a task's life on this host. Each may be done again after a crash: what is there
 * already, or gone already, is no failure.
 */
public sealed interface TaskStep {
  /** Steps that make something, or let something run: teardown waits until they have returned. */
  sealed interface Making extends TaskStep {}

  /** Steps that a stop gives up: nothing that they bring is in the way of the teardown. */
  sealed interface GivenUp extends TaskStep {}

  /** Makes the image ready, pulling what is missing. */
  record ResolveImage(String container) implements GivenUp {}

  /** Asks control for the values of the task's secrets. */
  record ResolveSecrets() implements GivenUp {}

  /** Waits until this host launches no more than its bound of others. */
  record AwaitLaunchSlot() implements GivenUp {}

  /** Has the log streams made that the containers write to. */
  record OpenLogs() implements GivenUp {}

  record PrepareCgroup() implements Making {}

  record AttachNetwork() implements Making {}

  record MountRoot(String container) implements Making {}

  /** Makes the task's volumes and fills them from its containers' images. */
  record PrepareVolumes() implements Making {}

  record CreateContainer(String container) implements Making {}

  record StartContainer(String container) implements Making {}

  /** Asks the runtime how a container stands: after a restart of the agent, or a failed step. */
  record InspectContainer(String container) implements Making {}

  record AwaitExit(String container) implements TaskStep {}

  /** Looks whether the container has written its first byte. */
  record LookForOutput(String container, int look) implements TaskStep {}

  /** Runs the container's health check, an interval after the one before. */
  record CheckHealth(String container, int restartCount) implements GivenUp {}

  /** Lets the time pass in which others wait for the container. */
  record AwaitStartTimeout(String container) implements GivenUp {}

  record Terminate(String container, int signal) implements TaskStep {}

  /** Lets a container's stop timeout pass. */
  record AwaitStopTimeout(String container) implements TaskStep {}

  record Kill(String container) implements TaskStep {}

  record DeleteContainer(String container) implements TaskStep {}

  record RemoveRoots() implements TaskStep {}

  record DetachNetwork() implements TaskStep {}

  record RemoveCgroup() implements TaskStep {}

  record ReleaseImages() implements TaskStep {}
}
