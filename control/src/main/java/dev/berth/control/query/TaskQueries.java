package dev.berth.control.query;

import dev.berth.control.command.ClusterCommands;
import dev.berth.control.command.Refused;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;

/** Tasks: shown and listed. */
public final class TaskQueries {
  /** The most tasks on one page and in one description, ECS's own bound. */
  public static final int PAGE_SIZE_MAX = 100;

  private final Ledger ledger;

  public TaskQueries(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * What ListTasks may ask for; all that is present must hold.
   *
   * @param desiredStatus {@code RUNNING}, {@code PENDING} or {@code STOPPED}
   */
  public record Filter(
      String desiredStatus,
      Optional<String> family,
      Optional<String> startedBy,
      Optional<String> group,
      Optional<String> launchType) {
    boolean admits(Task task) {
      return task.state().desiredStatus().equals(desiredStatus)
          && family.map(task.spec().family()::equals).orElse(true)
          && (startedBy.isEmpty() || startedBy.equals(task.origin().startedBy()))
          && (group.isEmpty() || group.equals(task.origin().group()))
          && (launchType.isEmpty() || launchType.equals(task.origin().launchType()));
    }
  }

  /** What was asked for: tasks that are there, and references to which there is none. */
  public record Found(List<Task> tasks, List<String> missing) {
    public Found {
      tasks = List.copyOf(tasks);
      missing = List.copyOf(missing);
    }
  }

  /** Tasks of an active cluster, each by id or ARN. */
  public Found describe(ClusterId cluster, List<String> references) throws Refused {
    State state = ledger.state();
    ClusterCommands.active(state, cluster);
    var tasks = new ArrayList<Task>();
    var missing = new ArrayList<String>();
    for (String reference : references) {
      TaskCommands.find(state, cluster, reference)
          .ifPresentOrElse(tasks::add, () -> missing.add(reference));
    }
    return new Found(tasks, missing);
  }

  /** A page of an active cluster's tasks, by id. */
  public Page<Task> list(ClusterId cluster, Filter filter, Page.Request request) throws Refused {
    State state = ledger.state();
    ClusterCommands.active(state, cluster);
    PSortedSet<TaskId> all = state.tasksIn(cluster);
    return Page.ofSorted(
        last ->
            following(all, last).stream()
                .flatMap(id -> state.find(Kind.TASK, id).stream())
                .filter(filter::admits),
        task -> task.id().value(),
        request,
        PAGE_SIZE_MAX);
  }

  /** Nothing follows a position that is no task's id: it is somebody's own invention. */
  private static PSortedSet<TaskId> following(PSortedSet<TaskId> all, Optional<String> last) {
    if (last.isEmpty()) {
      return all;
    }
    return last.filter(TaskId::isForm)
        .map(id -> all.tailSet(new TaskId(id), false))
        .orElse(TreePSet.empty());
  }
}
