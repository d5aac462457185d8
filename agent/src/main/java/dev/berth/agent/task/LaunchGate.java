package dev.berth.agent.task;

import dev.berth.model.task.TaskId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Bounds how many tasks are launched at the same time; the others wait in the order in which they
 * came. It holds no more than the agent has tasks.
 */
final class LaunchGate {
  private final int launchCountMax;
  private final Set<TaskId> launching = new HashSet<>();
  private final Map<TaskId, Runnable> waiting = new LinkedHashMap<>();

  LaunchGate(int launchCountMax) {
    this.launchCountMax = launchCountMax;
  }

  /** Calls back at once or when there is room. */
  void enter(TaskId task, Runnable admitted) {
    synchronized (this) {
      if (!launching.contains(task) && launching.size() >= launchCountMax) {
        waiting.put(task, admitted);
        return;
      }
      launching.add(task);
    }
    admitted.run();
  }

  /** The task is launched, or will not be. One that never entered is no failure. */
  void leave(TaskId task) {
    Runnable next;
    synchronized (this) {
      waiting.remove(task);
      if (!launching.remove(task) || waiting.isEmpty()) {
        return;
      }
      var first = waiting.entrySet().iterator().next();
      waiting.remove(first.getKey());
      launching.add(first.getKey());
      next = first.getValue();
    }
    next.run();
  }
}
