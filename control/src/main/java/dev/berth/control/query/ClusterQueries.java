package dev.berth.control.query;

import dev.berth.control.command.Refused;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.model.cluster.Cluster;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.identity.Realm;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskState;
import java.util.Optional;

/** Clusters: shown with what runs in them, and listed. */
public final class ClusterQueries {
  private static final int PAGE_SIZE_MAX = 100;

  private final Ledger ledger;

  public ClusterQueries(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A cluster and how many tasks it has; those that stop count as neither. */
  public record View(Cluster cluster, int pendingCount, int runningCount) {}

  /** An active cluster, or one that was deleted not long ago. */
  public Optional<View> describe(ClusterId id) {
    State state = ledger.state();
    return state.find(Kind.CLUSTER, id).map(cluster -> view(state, cluster));
  }

  /** The cluster with what runs in it now. */
  public View view(Cluster cluster) {
    return view(ledger.state(), cluster);
  }

  /** The active clusters, by name. */
  public Page<Cluster> list(Realm realm, Page.Request request) throws Refused {
    return Page.of(
        ledger.state().all(Kind.CLUSTER).stream()
            .filter(cluster -> cluster.active() && cluster.id().realm().equals(realm)),
        cluster -> cluster.id().name(),
        request,
        PAGE_SIZE_MAX);
  }

  private static View view(State state, Cluster cluster) {
    int pending = 0;
    int running = 0;
    for (var id : state.tasksIn(cluster.id())) {
      switch (state.find(Kind.TASK, id).map(Task::state).orElseThrow()) {
        case TaskState.Provisioning _, TaskState.Pending _ -> pending++;
        case TaskState.Running _ -> running++;
        case TaskState.Stopping _, TaskState.Deprovisioning _, TaskState.Stopped _ -> {}
      }
    }
    return new View(cluster, pending, running);
  }
}
