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
import dev.berth.model.task.TaskDefinition;
import dev.berth.model.task.TaskId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tags of clusters, task definitions and tasks, by the resource's ARN. */
public final class TagCommands {
  private final Ledger ledger;

  public TagCommands(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Adds tags; a known key's value is replaced. */
  public void tag(Realm realm, String arn, Map<String, String> added) throws Refused {
    ledger.decide(
        draft -> {
          Tagged resource = find(draft.state(), realm, arn);
          put(draft, resource, Tags.merged(tags(resource), added));
          return resource;
        });
  }

  /** Takes tags away; one that is not there is no failure. */
  public void untag(Realm realm, String arn, Collection<String> keys) throws Refused {
    ledger.decide(
        draft -> {
          Tagged resource = find(draft.state(), realm, arn);
          var rest = new HashMap<>(tags(resource));
          rest.keySet().removeAll(keys);
          put(draft, resource, rest);
          return resource;
        });
  }

  public Map<String, String> list(Realm realm, String arn) throws Refused {
    return tags(find(ledger.state(), realm, arn));
  }

  private sealed interface Tagged {
    record OfCluster(Cluster cluster) implements Tagged {}

    record OfDefinition(TaskDefinition definition) implements Tagged {}

    record OfTask(Task task) implements Tagged {}
  }

  private static Map<String, String> tags(Tagged resource) {
    return switch (resource) {
      case Tagged.OfCluster(Cluster cluster) -> cluster.tags();
      case Tagged.OfDefinition(TaskDefinition definition) -> definition.tags();
      case Tagged.OfTask(Task task) -> task.tags();
    };
  }

  private static void put(Draft draft, Tagged resource, Map<String, String> tags) {
    switch (resource) {
      case Tagged.OfCluster(Cluster cluster) -> draft.put(Kind.CLUSTER, cluster.withTags(tags));
      case Tagged.OfDefinition(TaskDefinition definition) ->
          draft.put(Kind.TASK_DEFINITION, definition.withTags(tags));
      case Tagged.OfTask(Task task) -> draft.put(Kind.TASK, task.withTags(tags));
    }
  }

  private static Tagged find(State state, Realm realm, String text) throws Refused {
    Arn arn =
        Arn.parse(text)
            .filter(it -> it.service().equals("ecs"))
            .orElseThrow(
                () ->
                    new Refused(
                        new Refusal.InvalidParameter(
                            "Invalid resourceArn '" + text + "': it is not an ARN of ECS.")));
    String[] parts = arn.resource().split("/", 2);
    String name = parts[parts.length - 1];
    Optional<Tagged> found =
        arn.isIn(realm)
            ? switch (parts[0]) {
              case "cluster" -> cluster(state, realm, name);
              case "task-definition" ->
                  TaskDefinitionCommands.find(state, realm, text)
                      .filter(it -> it.id().arn().equals(arn))
                      .map(Tagged.OfDefinition::new);
              case "task" -> task(state, arn, name);
              default -> throw new Refused(new Refusal.InvalidParameter(notTagged(parts[0])));
            }
            : Optional.empty();
    return found.orElseThrow(() -> new Refused(missing(parts[0])));
  }

  private static Optional<Tagged> cluster(State state, Realm realm, String name) throws Refused {
    Optional<Cluster> cluster =
        ClusterId.isName(name)
            ? state.find(Kind.CLUSTER, new ClusterId(realm, name))
            : Optional.empty();
    if (cluster.isPresent() && !cluster.get().active()) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "The specified cluster is inactive. Specify an active cluster and try again."));
    }
    return cluster.map(Tagged.OfCluster::new);
  }

  /** Whose ARN is the same in every part: not that of a task in another cluster. */
  private static Optional<Tagged> task(State state, Arn arn, String name) {
    String id = name.substring(name.lastIndexOf('/') + 1);
    return TaskId.isForm(id)
        ? state
            .find(Kind.TASK, new TaskId(id))
            .filter(task -> task.arn().equals(arn))
            .map(Tagged.OfTask::new)
        : Optional.empty();
  }

  private static Refusal missing(String kind) {
    return kind.equals("cluster")
        ? new Refusal.ClusterNotFound()
        : new Refusal.ResourceNotFound(
            "The specified " + kind + " was not found. Specify a valid resourceArn.");
  }

  private static String notTagged(String kind) {
    return "Invalid resourceArn: resources of the kind '" + kind + "' have no tags here.";
  }
}
