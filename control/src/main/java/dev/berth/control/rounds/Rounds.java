package dev.berth.control.rounds;

import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.scheduler.Placer;
import dev.berth.control.scheduler.Scheduler.Placement;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Kind.RunToken;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.host.Host;
import dev.berth.model.network.EniId;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.NetworkToken;
import dev.berth.model.network.ResourceTags;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskEvent;
import dev.berth.model.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rounds, each callable by itself: by the clock of {@link RoundsLoop}, or by a simulator. */
public final class Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  /** Records changed by one commit, so that no round holds up the commands for long. */
  private static final int BATCH_MAX = 50;

  private final Ledger ledger;
  private final HostDirectory hosts;
  private final InstantSource clock;
  private final Settings settings;

  /**
   * How patient control is.
   *
   * @param hostLostAfter a host that is silent for so long has lost its tasks
   * @param stoppedTaskKept how long a stopped task stays visible
   * @param runTokenKept how long a client token is remembered
   */
  public record Settings(Duration hostLostAfter, Duration stoppedTaskKept, Duration runTokenKept) {
    public static final Settings STANDARD =
        new Settings(Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofHours(24));
  }

  public Rounds(Ledger ledger, HostDirectory hosts, InstantSource clock, Settings settings) {
    this.ledger = ledger;
    this.hosts = hosts;
    this.clock = clock;
    this.settings = settings;
  }

  /** Places tasks that wait, the oldest first. A task that fits nowhere holds up no smaller one. */
  public void place() {
    if (ledger.state().unplaced().isEmpty()) {
      return;
    }
    List<TaskId> placed = ledger.decide(this::place);
    placed.forEach(hosts::tell);
  }

  private List<TaskId> place(Draft draft) {
    var placed = new ArrayList<TaskId>();
    List<Task> waiting =
        draft.state().unplaced().stream()
            .flatMap(id -> draft.find(Kind.TASK, id).stream())
            .sorted(Comparator.comparing(Task::createdAt).thenComparing(Task::id))
            .toList();
    for (Task task : waiting) {
      if (Placer.find(draft.state(), task) instanceof Placement.On found) {
        Placer.put(draft, task, found, clock.instant());
        placed.add(task.id());
        if (placed.size() == BATCH_MAX) {
          break; // The rest in the next round, which a later wake or tick brings.
        }
      }
    }
    return placed;
  }

  /** Tells hosts what nobody has told them yet, such as that a waiting task has given up. */
  public void tellNetworks() {
    hosts.tellNetworks();
  }

  /** Gives up hosts that have been silent for too long, and ends their tasks. */
  public void giveUpSilentHosts() {
    for (Host host : ledger.state().all(Kind.HOST)) {
      if (!host.lost() && hosts.silence(host.id()).compareTo(settings.hostLostAfter()) > 0) {
        LOG.atWarn().addKeyValue("host", host.id()).log("host given up");
        ledger.decide(draft -> givenUp(draft, host));
        endTasksOf(host);
      } else if (host.lost()) {
        endTasksOf(host); // Control may have been killed between the two.
      }
    }
  }

  private Host givenUp(Draft draft, Host seen) {
    Host now = draft.find(Kind.HOST, seen.id()).orElse(seen);
    if (now.generation() != seen.generation()) {
      return now; // It has connected meanwhile.
    }
    var lost = new Host(now.facts(), now.generation(), true, clock.instant());
    draft.put(Kind.HOST, lost);
    return lost;
  }

  private void endTasksOf(Host host) {
    var reason =
        new StopReason(
            StopCode.TERMINATION_NOTICE,
            "The host of the task has not been heard of for too long.");
    boolean more = true;
    while (more) {
      more =
          ledger.decide(
              draft -> {
                if (draft.find(Kind.HOST, host.id()).map(now -> !now.lost()).orElse(true)) {
                  return false;
                }
                List<Task> batch =
                    draft.state().tasksOn(host.id()).stream()
                        .flatMap(id -> draft.find(Kind.TASK, id).stream())
                        .filter(task -> !task.state().isStopped())
                        .limit(BATCH_MAX)
                        .toList();
                Instant now = clock.instant();
                batch.forEach(
                    task -> draft.put(Kind.TASK, task.after(new TaskEvent.HostLost(reason), now)));
                return batch.size() == BATCH_MAX;
              });
    }
  }

  /** Forgets stopped tasks and client tokens whose time is over. */
  public void forgetWhatIsOld() {
    Instant tasksBefore = clock.instant().minus(settings.stoppedTaskKept());
    Instant tokensBefore = clock.instant().minus(settings.runTokenKept());
    State state = ledger.state();
    List<TaskId> tasks =
        state.all(Kind.TASK).stream()
            .filter(task -> isOver(task, tasksBefore))
            .map(Task::id)
            .limit(BATCH_MAX)
            .toList();
    List<RunToken> tokens =
        state.all(Kind.RUN_TOKEN).stream()
            .filter(token -> token.usedAt().isBefore(tokensBefore))
            .limit(BATCH_MAX)
            .toList();
    if (tasks.isEmpty() && tokens.isEmpty()) {
      return;
    }
    int count =
        ledger.decide(
            draft -> {
              tasks.forEach(task -> draft.remove(Kind.TASK, task));
              tokens.forEach(token -> draft.remove(Kind.RUN_TOKEN, token.id()));
              return tasks.size() + tokens.size();
            });
    tasks.forEach(hosts::forget);
    LOG.atDebug().addKeyValue("records", count).log("forgot what is old");
  }

  /**
   * Forgets client tokens, ended NAT gateways, and tags of what is gone, when their time is over.
   */
  public void forgetOldNetworks() {
    Instant tokensBefore = clock.instant().minus(settings.runTokenKept());
    Instant gatewaysBefore = clock.instant().minus(settings.stoppedTaskKept());
    State state = ledger.state();
    List<NetworkToken> tokens =
        state.all(NetworkKind.NETWORK_TOKEN).stream()
            .filter(token -> token.usedAt().isBefore(tokensBefore))
            .limit(BATCH_MAX)
            .toList();
    List<NatGateway> gateways =
        state.all(NetworkKind.NAT_GATEWAY).stream()
            .filter(it -> it.deletedAt().stream().anyMatch(gatewaysBefore::isAfter))
            .limit(BATCH_MAX)
            .toList();
    List<ResourceTags> tags =
        state.all(NetworkKind.RESOURCE_TAGS).stream()
            .filter(it -> EniId.isForm(it.resource()))
            .filter(it -> state.networks().find(new EniId(it.resource())).isEmpty())
            .limit(BATCH_MAX / 2)
            .toList();
    if (tokens.isEmpty() && gateways.isEmpty() && tags.isEmpty()) {
      return;
    }
    ledger.decide(
        draft -> {
          tokens.forEach(it -> draft.remove(NetworkKind.NETWORK_TOKEN, it.id()));
          gateways.forEach(it -> draft.remove(NetworkKind.NAT_GATEWAY, it.id()));
          tags.forEach(it -> draft.remove(NetworkKind.RESOURCE_TAGS, it.resource()));
          return draft;
        });
  }

  /** A stopped task that still takes room on a lost host is kept until the host has cleaned up. */
  private static boolean isOver(Task task, Instant before) {
    Optional<Instant> stoppedAt = task.stoppedAt();
    return task.state().isStopped()
        && task.state().holder().isEmpty()
        && stoppedAt.isPresent()
        && stoppedAt.get().isBefore(before);
  }
}
