package dev.berth.agent.task;

import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is on the host and belongs to no task that the journal knows as alive. Nobody would ever
 * remove it, so it is removed before the agent begins.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final HostParts host;

  Leftovers(HostParts host) {
    this.host = host;
  }

  /**
   * @param alive tasks that take care of what they have themselves
   * @param remembered tasks whose output is still wanted
   */
  void remove(Set<TaskId> alive, Set<TaskId> remembered) throws IOException {
    for (var key : host.runtime().list()) {
      if (!alive.contains(key.task())) {
        attempt("container", key.task(), () -> host.runtime().delete(key));
      }
    }
    for (var task : without(alive, host.snapshots().list())) {
      attempt("root file system", task, () -> host.snapshots().remove(task));
    }
    for (var task : without(alive, host.networks().list())) {
      attempt("network", task, () -> host.networks().detach(task));
    }
    for (var task : without(alive, host.cgroups().list())) {
      attempt("cgroup", task, () -> host.cgroups().remove(task));
    }
    for (var task : without(alive, host.images().list())) {
      attempt("image", task, () -> host.images().release(task));
    }
    for (var task : without(remembered, host.runtime().outputs())) {
      attempt("output", task, () -> host.runtime().deleteOutput(task));
    }
  }

  private static Set<TaskId> without(Set<TaskId> kept, Set<TaskId> found) {
    var rest = new HashSet<>(found);
    rest.removeAll(kept);
    return rest;
  }

  private interface Removal {
    void run() throws IOException;
  }

  /** One that resists is no reason not to start: the next start tries again. */
  private static void attempt(String kind, TaskId task, Removal removal) {
    try {
      removal.run();
      LOG.atInfo().addKeyValue("task", task).addKeyValue("kind", kind).log("leftover removed");
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("task", task)
          .addKeyValue("kind", kind)
          .setCause(e)
          .log("leftover not removed");
    }
  }
}
