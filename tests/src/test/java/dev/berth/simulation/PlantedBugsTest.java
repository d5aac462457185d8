package dev.berth.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.berth.agent.linux.TreeRemoval;
import dev.berth.control.command.RunTask;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.scheduler.Placer;
import dev.berth.control.scheduler.Scheduler.Placement;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.HostListener;
import dev.berth.link.stream.HostSession;
import dev.berth.model.host.Host;
import dev.berth.model.host.HostFacts;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import dev.berth.model.task.TaskState;
import dev.berth.store.CommitResult;
import dev.berth.store.Entry;
import dev.berth.store.Store;
import dev.berth.store.Transaction;
import dev.berth.store.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The simulation is worth what it finds: each of these worlds has one bug, and shows it. */
class PlantedBugsTest {
  /** Far fewer than the test of the sound world has. */
  private static final int SEED_COUNT = 200;

  @Test
  void aSchedulerThatIgnoresWhatIsUsed() throws IOException {
    isFound(
        new Seams() {
          @Override
          void place(SimulatedControl control) {
            List<TaskId> placed = control.ledger().decide(PlantedBugsTest::placeAnywhere);
            placed.forEach(control.directory()::tell);
          }
        },
        "over-committed");
  }

  private static List<TaskId> placeAnywhere(Draft draft) {
    Optional<Host> host =
        draft.state().all(Kind.HOST).stream().filter(each -> !each.lost()).findFirst();
    List<TaskId> waiting = host.isEmpty() ? List.of() : List.copyOf(draft.state().unplaced());
    for (TaskId id : waiting) {
      Task task = draft.find(Kind.TASK, id).orElseThrow();
      Placer.put(draft, task, new Placement.On(host.orElseThrow()), task.createdAt());
    }
    return waiting;
  }

  @Test
  void aHostThatSaysItHasMoreThanItHas() throws IOException {
    isFound(
        new Seams() {
          @Override
          ToControl heard(SimulatedHost host, ToControl message) {
            return message instanceof ToControl.Hello(var version, var facts)
                ? new ToControl.Hello(version, doubled(facts))
                : message;
          }
        },
        "really carries");
  }

  private static HostFacts doubled(HostFacts facts) {
    return new HostFacts(
        facts.id(),
        facts.bootId(),
        facts.capacity().plus(facts.capacity()),
        facts.architecture(),
        facts.zone(),
        facts.attributes());
  }

  @Test
  void aRoundThatGivesALostHostsRoomAwayWhileItsTasksStillRun() throws IOException {
    isFound(
        new Seams() {
          @Override
          void giveUp(SimulatedControl control) {
            control.rounds().giveUpSilentHosts();
            control.ledger().decide(PlantedBugsTest::freed);
          }
        },
        "really carries|invented|has .* which nobody knows|still has");
  }

  private static int freed(Draft draft) {
    int count = 0;
    for (Task task : draft.state().all(Kind.TASK)) {
      if (task.state() instanceof TaskState.Stopped(var reason, var heldBy) && heldBy.isPresent()) {
        draft.put(Kind.TASK, with(task, new TaskState.Stopped(reason, Optional.empty())));
        count++;
      }
    }
    return count;
  }

  private static Task with(Task task, TaskState state) {
    return new Task(
        task.spec(),
        task.origin(),
        state,
        task.version() + 1,
        task.tags(),
        task.createdAt(),
        task.stopRequestedAt(),
        task.stoppedAt(),
        task.placedOn(),
        task.waitingBecause(),
        task.report(),
        task.timings());
  }

  @Test
  void aDirectoryThatTakesAStoppingTaskForAStoppedOne() throws IOException {
    isFound(
        new Seams() {
          @Override
          HostListener listener(HostDirectory directory) {
            return new Hurried(directory);
          }
        },
        "really carries|nobody knows|does not run|still has|invented|went back");
  }

  private record Hurried(HostDirectory directory) implements HostListener {
    @Override
    public void connected(HostSession session, ToControl.Hello hello) {
      directory.connected(session, hello);
    }

    @Override
    public void received(HostSession session, ToControl message) {
      directory.received(
          session,
          message instanceof ToControl.Report(var report)
                  && report.phase().compareTo(TaskPhase.STOPPING) >= 0
              ? new ToControl.Report(stopped(report))
              : message);
    }

    private static TaskReport stopped(TaskReport report) {
      return new TaskReport(
          report.task(),
          report.sequence(),
          TaskPhase.STOPPED,
          report.containers(),
          report.stopReason(),
          report.pullStartedAt(),
          report.pullStoppedAt(),
          report.connectivityAt(),
          report.startedAt(),
          report.stoppingAt(),
          report.executionStoppedAt(),
          report.timings());
    }

    @Override
    public void disconnected(HostSession session) {
      directory.disconnected(session);
    }
  }

  @Test
  void anAgentThatStartsWhatWasPlacedOnAnotherBoot() throws IOException {
    isFound(
        new Seams() {
          @Override
          ToAgent told(SimulatedHost host, ToAgent message) {
            Function<TaskAssignment, TaskAssignment> forThisBoot =
                each -> new TaskAssignment(each.spec(), host.bootId(), each.stop());
            return switch (message) {
              case ToAgent.Sync(var generation, var all) ->
                  new ToAgent.Sync(generation, all.stream().map(forThisBoot).toList());
              case ToAgent.Assign(var generation, var one) ->
                  new ToAgent.Assign(generation, forThisBoot.apply(one));
              case ToAgent other -> other;
            };
          }
        },
        "is placed on .* and was started on|was started on .* and again on");
  }

  @Test
  void anAgentThatLosesItsJournalWithItsProcess() throws IOException {
    isFound(
        new Seams() {
          @Override
          void killed(Path agentFolder) throws IOException {
            TreeRemoval.remove(agentFolder.resolve("tasks"));
          }
        },
        "was started on .* and again on");
  }

  @Test
  void aControlPlaneThatAnswersBeforeItsDiskHasWritten() throws IOException {
    isFound(
        new Seams() {
          @Override
          Store store(SimulatedDisk disk) {
            return new Between(disk) {
              @Override
              public Submitted submit(Transaction transaction) {
                disk.submit(transaction);
                return () -> new CommitResult.Committed(0);
              }
            };
          }
        },
        "is not known|went back|not durable|nobody knows|is there again|became that of");
  }

  @Test
  void aStoreThatDoesNotCompare() throws IOException {
    isFound(
        new Seams() {
          @Override
          Store store(SimulatedDisk disk) {
            return new Between(disk) {
              @Override
              public Submitted submit(Transaction transaction) {
                return disk.submit(new Transaction(List.of(), transaction.writes()));
              }
            };
          }
        },
        "is not known");
  }

  @Test
  void aControlPlaneThatForgetsItsClientsTokens() throws IOException {
    isFound(
        new Seams() {
          @Override
          RunTask wish(RunTask wish) {
            return wish.clientToken().isEmpty()
                ? wish
                : Clients.changed(wish, wish.count(), Optional.empty());
          }
        },
        "was answered with|for another wish");
  }

  /** A store that lies between the ledger and the disk. */
  private abstract static class Between implements Store {
    private final SimulatedDisk disk;

    Between(SimulatedDisk disk) {
      this.disk = disk;
    }

    @Override
    public CommitResult commit(Transaction transaction) {
      return disk.commit(transaction);
    }

    @Override
    public Optional<Entry> get(String key) {
      return disk.get(key);
    }

    @Override
    public long scan(String prefix, Consumer<Entry> reader) {
      return disk.scan(prefix, reader);
    }

    @Override
    public Watch watch(String prefix, long fromRevision) {
      return disk.watch(prefix, fromRevision);
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  /** Some seed fails, for a reason that the bug explains. */
  private static void isFound(Seams planted, String symptom) throws IOException {
    for (long seed = 0; seed < SEED_COUNT; seed++) {
      try {
        Simulation.run(seed, planted);
      } catch (Simulation.SeedFailed found) {
        if (!(found.getCause() instanceof Violation)) {
          continue; // A broken part may break others; what counts is that an invariant tells.
        }
        assertThat(found).cause().hasMessageFindingMatch(symptom);
        return;
      }
    }
    fail("no seed of %d has found it", SEED_COUNT);
  }
}
