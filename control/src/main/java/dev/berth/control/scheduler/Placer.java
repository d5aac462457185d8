package dev.berth.control.scheduler;

import dev.berth.control.scheduler.Scheduler.Candidate;
import dev.berth.control.scheduler.Scheduler.Placement;
import dev.berth.control.scheduler.Scheduler.Wish;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.host.Host;
import dev.berth.model.network.Subnet;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Places a task of a draft, or writes down why it waits. */
public final class Placer {
  private Placer() {}

  /** Where the task could go in this state. */
  public static Placement find(State state, Task task) {
    var wish =
        new Wish(task.spec().size().capacity(), task.origin().architecture(), zone(state, task));
    List<Candidate> candidates =
        state.all(Kind.HOST).stream().map(host -> candidate(state, host, task)).toList();
    return Scheduler.place(wish, candidates);
  }

  /** Puts the task in the draft: on a host, or waiting. */
  public static Task put(Draft draft, Task task, Placement placement, Instant now) {
    Task decided =
        switch (placement) {
          case Placement.On(Host host) ->
              task.placed(new TaskEvent.Placed(host.id()), host.facts().bootId(), now);
          case Placement.Nowhere(_, var explanation) -> task.waiting(explanation);
        };
    draft.put(Kind.TASK, decided);
    return decided;
  }

  private static Optional<String> zone(State state, Task task) {
    return state.find(NetworkKind.SUBNET, task.spec().eni().subnet()).map(Subnet::zone);
  }

  private static Candidate candidate(State state, Host host, Task task) {
    int siblingCount =
        (int)
            state.tasksOn(host.id()).stream()
                .flatMap(id -> state.find(Kind.TASK, id).stream())
                .filter(other -> other.origin().group().equals(task.origin().group()))
                .filter(other -> other.cluster().equals(task.cluster()))
                .count();
    return new Candidate(host, host.facts().capacity().minus(state.used(host.id())), siblingCount);
  }
}
