package dev.berth.control.command;

import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.model.cluster.Cluster;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import dev.berth.model.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Clusters: created, found and deleted. */
public final class ClusterCommands {
  private static final String ARN_RESOURCE = "cluster/";

  private static final Map<String, List<String>> SETTING_VALUES =
      Map.of("containerInsights", List.of("enabled", "disabled", "enhanced"));

  private final Ledger ledger;

  public ClusterCommands(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Creates a cluster. One that is active already is answered as it is, as on AWS; a deleted one is
   * there again as now declared.
   */
  public Cluster create(Cluster declared) throws Refused {
    check(declared);
    return ledger.decide(
        draft -> {
          Optional<Cluster> known = draft.find(Kind.CLUSTER, declared.id()).filter(Cluster::active);
          if (known.isPresent()) {
            return known.get();
          }
          draft.put(Kind.CLUSTER, declared);
          return declared;
        });
  }

  /** Changes what is declared of an active cluster. */
  public Cluster update(ClusterId id, UnaryOperator<Cluster> change) throws Refused {
    return ledger.decide(
        draft -> {
          Cluster changed = change.apply(active(draft.state(), id));
          check(changed);
          draft.put(Kind.CLUSTER, changed);
          return changed;
        });
  }

  /** Deletes a cluster in which nothing runs or waits. It stays describable as inactive. */
  public Cluster delete(ClusterId id) throws Refused {
    return ledger.decide(
        draft -> {
          Cluster cluster = active(draft.state(), id);
          if (hasLiveTask(draft.state(), id)) {
            throw new Refused(new Refusal.ClusterContainsTasks());
          }
          Cluster deleted = cluster.deleted();
          draft.put(Kind.CLUSTER, deleted);
          return deleted;
        });
  }

  /** The cluster to run in; {@code default} comes to be when it is first used. */
  static Cluster forUse(Draft draft, ClusterId id) throws Refused {
    Optional<Cluster> known = draft.find(Kind.CLUSTER, id);
    if (known.isEmpty() && id.name().equals(ClusterId.DEFAULT_NAME)) {
      Cluster created = Cluster.named(id);
      draft.put(Kind.CLUSTER, created);
      return created;
    }
    return active(draft.state(), id);
  }

  /**
   * What a client means by a cluster's name or ARN, or by none.
   *
   * @throws Refused when it is neither, or belongs to another account or region
   */
  public static ClusterId named(Realm realm, Optional<String> nameOrArn) throws Refused {
    String text = nameOrArn.orElse(ClusterId.DEFAULT_NAME);
    Optional<Arn> arn = Arn.parse(text);
    if (arn.isPresent() && !(arn.get().isIn(realm) && isCluster(arn.get()))) {
      throw new Refused(new Refusal.ClusterNotFound());
    }
    String name = arn.map(a -> a.resource().substring(ARN_RESOURCE.length())).orElse(text);
    if (!ClusterId.isName(name)) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "Invalid identifier: cluster must be a cluster's name or ARN, not '" + text + "'."));
    }
    return new ClusterId(realm, name);
  }

  private static void check(Cluster cluster) throws Refused {
    for (var setting : cluster.settings().entrySet()) {
      List<String> values = SETTING_VALUES.getOrDefault(setting.getKey(), List.of());
      if (!values.contains(setting.getValue())) {
        throw new Refused(
            new Refusal.InvalidParameter(
                "Invalid cluster setting: '%s' cannot be '%s'."
                    .formatted(setting.getKey(), setting.getValue())));
      }
    }
    CapacityProviderRules.checkOffered(cluster.capacityProviders());
    CapacityProviderRules.checkStrategy(cluster.defaultStrategy(), cluster.capacityProviders());
  }

  private static boolean isCluster(Arn arn) {
    return arn.service().equals("ecs") && arn.resource().startsWith(ARN_RESOURCE);
  }

  /** The cluster, which must be there and active. */
  public static Cluster active(State state, ClusterId id) throws Refused {
    Cluster cluster =
        state.find(Kind.CLUSTER, id).orElseThrow(() -> new Refused(new Refusal.ClusterNotFound()));
    if (!cluster.active()) {
      throw new Refused(new Refusal.ClusterInactive("The referenced cluster was inactive."));
    }
    return cluster;
  }

  private static boolean hasLiveTask(State state, ClusterId id) {
    return state.tasksIn(id).stream()
        .flatMap(task -> state.find(Kind.TASK, task).stream())
        .map(Task::state)
        .anyMatch(task -> !task.isStopped());
  }
}
