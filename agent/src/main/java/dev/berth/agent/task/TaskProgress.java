package dev.berth.agent.task;

import java.util.Map;
import java.util.Set;

/**
 * What this life of the agent has done for a task. It is lost with the agent: every step may be
 * done again.
 *
 * @param inFlight steps that were begun and have not returned
 * @param failureCounts of steps that are tried again
 * @param lookCount how often the first output was looked for
 */
record TaskProgress(
    boolean secretsResolved,
    boolean launchSlot,
    boolean logsOpened,
    boolean cgroupPrepared,
    boolean networkAttached,
    boolean volumesPrepared,
    boolean rootsRemoved,
    boolean networkDetached,
    boolean cgroupRemoved,
    boolean imagesReleased,
    int lookCount,
    Map<String, ContainerProgress> containers,
    Set<TaskStep> inFlight,
    Map<TaskStep, Integer> failureCounts) {
  TaskProgress {
    containers = Map.copyOf(containers);
    inFlight = Set.copyOf(inFlight);
    failureCounts = Map.copyOf(failureCounts);
  }

  ContainerProgress container(String name) {
    var progress = containers.get(name);
    if (progress == null) {
      throw new IllegalArgumentException("no container '" + name + "'");
    }
    return progress;
  }
}
