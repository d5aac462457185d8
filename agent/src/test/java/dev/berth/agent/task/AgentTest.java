package dev.berth.agent.task;

import static dev.berth.agent.task.Tasks.BOOT;
import static dev.berth.agent.task.Tasks.ENOUGH;
import static dev.berth.agent.task.Tasks.assignment;
import static dev.berth.agent.task.Tasks.essential;
import static dev.berth.agent.task.Tasks.id;
import static dev.berth.agent.task.Tasks.sidecar;
import static dev.berth.agent.task.Tasks.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentSettings;
import dev.berth.agent.Machine;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.host.Capacity;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent does and tells, step by step, on a host that does what the test wants. */
class AgentTest {
  private static final ContainerKey MAIN = new ContainerKey(id(1), "main");
  private static final ContainerKey SIDE = new ContainerKey(id(1), "side");
  private static final TaskAssignment ONE = assignment(id(1), BOOT, essential("main"));
  private static final TaskAssignment TWO =
      assignment(id(1), BOOT, essential("main"), sidecar("side"));
  private static final TaskStep RESOLVE = new TaskStep.ResolveImage("main");
  private static final int LAUNCH_COUNT_MAX = 2;

  @TempDir Path folder;
  private final FakeHost host = new FakeHost();
  private final FakeControl control = new FakeControl(host);
  private final Random random = new Random(7);
  private PumpedWork work = new PumpedWork(host);
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    agent = newAgent(BOOT);
    agent.connected(control);
    agent.received(control, new ToAgent.Sync(1, List.of()));
  }

  @Test
  void aTaskRunsAndReportsItsExitCode() {
    assign(ONE);
    assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
    assertThat(container("main").status()).isEqualTo(ContainerReport.Status.RUNNING);
    assertThat(container("main").imageDigest()).isPresent();

    end(MAIN, OptionalInt.of(3));
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(report().stopReason())
        .contains(
            new StopReason(
                StopCode.ESSENTIAL_CONTAINER_EXITED, "Essential container in task exited"));
    assertThat(container("main").exitCode()).hasValue(3);
    assertThat(report().executionStoppedAt()).isPresent();
    assertThat(host.leftovers()).matches(_ -> host.isClean());
  }

  @Test
  void aLaunchTellsHowLongEachPhaseTook() {
    host.silent = false;
    assign(ONE);
    work.runPaused(random, TaskStep.LookForOutput.class);
    assertThat(report().timings())
        .extracting(LaunchTiming::phase)
        .containsExactly(
            LaunchTiming.Phase.DELIVER,
            LaunchTiming.Phase.IMAGE,
            LaunchTiming.Phase.SNAPSHOT,
            LaunchTiming.Phase.NETWORK,
            LaunchTiming.Phase.CREATE,
            LaunchTiming.Phase.START,
            LaunchTiming.Phase.FIRST_OUTPUT);
  }

  @Test
  void aLaunchTellsOnlyWhatControlMustKnowAtOnce() {
    assign(TWO);
    assertThat(told()).containsExactly(TaskPhase.PENDING, TaskPhase.PENDING, TaskPhase.RUNNING);
  }

  @Test
  void aSilentTaskIsNotWatchedForItsOutputForEver() {
    assign(ONE);
    int looks = 0;
    while (work.runPaused(random, TaskStep.LookForOutput.class)) {
      work.runAll(random);
      looks++;
    }
    assertThat(looks).isEqualTo(TaskPlanner.LOOK_COUNT_MAX);
  }

  @Test
  void theEndOfASidecarDoesNotEndTheTask() {
    assign(TWO);
    end(SIDE, OptionalInt.of(1));
    assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
    assertThat(container("side").exitCode()).hasValue(1);
  }

  @Test
  void theEndOfAnEssentialContainerStopsTheOthersGently() {
    assign(TWO);
    end(MAIN, OptionalInt.of(0));
    assertThat(host.signals).containsExactly("15 side");
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(container("side").exitCode()).hasValue(143);
  }

  @Test
  void theImagesStopSignalIsSent() {
    host.stopSignal = Optional.of("SIGQUIT");
    assign(ONE);
    assign(stopped(ONE));
    assertThat(host.signals).containsExactly("3 main");
  }

  @Test
  void aContainerThatIgnoresItsSignalIsKilledAfterItsTimeout() {
    host.onTerm = FakeHost.OnTerm.IGNORES;
    assign(ONE);
    assign(stopped(ONE));
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPING);
    assertThat(work.runPaused(random, TaskStep.AwaitStopTimeout.class)).isTrue();
    work.runAll(random);
    assertThat(host.signals).containsExactly("15 main", "9 main");
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(report().stopReason()).contains(ENOUGH);
    assertThat(container("main").exitCode()).hasValue(137);
  }

  @Test
  void aStopWhilePullingStartsNothing() {
    agent.received(control, new ToAgent.Assign(1, ONE));
    assertThat(work.steps()).containsExactly(new TaskStep.ResolveImage("main"));
    assign(stopped(ONE));
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(report().stopReason()).contains(ENOUGH);
    assertThat(host.starts).isEmpty();
    assertThat(host.leftovers()).matches(_ -> host.isClean());
  }

  @Test
  void aPullThatEndsAfterItsTaskHoldsNoImage() {
    work.cutsOff = false;
    agent.received(control, new ToAgent.Assign(1, ONE));
    agent.received(control, new ToAgent.Assign(1, stopped(ONE)));
    while (work.runOne(random, each -> !each.step().equals(Optional.of(RESOLVE)))) {
      assertThat(host.leases).isEmpty();
    }
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    work.runAll(random);
    assertThat(host.leases).isEmpty();
  }

  @Test
  void aTaskThatIsToStopWhenItIsFirstToldIsNeverStarted() {
    assign(stopped(ONE));
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(host.starts).isEmpty();
  }

  @Test
  void aFailedPullIsToldInAwsWords() {
    failAt("resolve", "CannotPullContainerError: resolve was made to fail");
    assertThat(report().stopReason().orElseThrow().text()).startsWith("CannotPullContainerError: ");
  }

  @Test
  void aFailedStepIsToldInAwsWords() {
    failAt("create", "CannotCreateContainerError: create was made to fail");
    failAt("mount", "CannotCreateContainerError: mount was made to fail");
    failAt("start", "CannotStartContainerError: start was made to fail");
  }

  private void failAt(String operation, String reason) {
    host.failures = operation::equals;
    int next = control.reports.size() + 1;
    assign(assignment(id(next), BOOT, essential("main")));
    var report = control.report(id(next)).orElseThrow();
    assertThat(report.phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(report.stopReason().orElseThrow().code()).isEqualTo(StopCode.TASK_FAILED_TO_START);
    assertThat(report.containers().getFirst().reason()).contains(reason);
    assertThat(host.starts).isEmpty();
    assertThat(host.leftovers()).matches(_ -> host.isClean());
  }

  @Test
  void aHostThatHasNoNetworkForTheTaskSaysSo() {
    host.failures = "attach"::equals;
    assign(ONE);
    assertThat(report().stopReason())
        .contains(
            new StopReason(
                StopCode.TASK_FAILED_TO_START,
                "ResourceInitializationError: attach was made to fail"));
  }

  @Test
  void aTeardownThatFailsIsTriedAgain() {
    assign(ONE);
    host.failures = "detach"::equals;
    end(MAIN, OptionalInt.of(0));
    assertThat(report().phase()).isEqualTo(TaskPhase.DEPROVISIONING);
    host.failures = _ -> false;
    assertThat(work.runPaused(random, TaskStep.DetachNetwork.class)).isTrue();
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
  }

  @Test
  void aContainerThatRanOutOfMemoryIsToldApart() {
    assign(ONE);
    host.oomKilled.add(MAIN);
    end(MAIN, OptionalInt.of(137));
    assertThat(container("main").reason())
        .contains("OutOfMemoryError: Container killed due to memory usage");
  }

  @Test
  void aLostExitCodeIsNotInvented() {
    assign(TWO);
    end(SIDE, OptionalInt.empty());
    assertThat(container("side").status()).isEqualTo(ContainerReport.Status.STOPPED);
    assertThat(container("side").exitCode()).isEmpty();
    assertThat(container("side").reason()).contains(TaskReconciler.EXIT_CODE_LOST);
    assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
  }

  @Test
  void aTaskWhoseNetworkIsLostIsStoppedForThat() {
    assign(ONE);
    host.lostNetwork.accept(id(1), "no eth0");
    work.runAll(random);
    assertThat(report().stopReason())
        .contains(
            new StopReason(
                StopCode.TERMINATION_NOTICE,
                "PlatformError: the task's network was lost: no eth0"));
    host.lostNetwork.accept(id(1), "still no eth0"); // Told once more, it changes nothing.
    end(MAIN, OptionalInt.of(143));
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(host.leftovers()).matches(_ -> host.isClean());
  }

  @Test
  void aTaskOfAnotherBootIsNeverStarted() {
    assign(assignment(id(1), "another boot", essential("main")));
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(report().stopReason())
        .contains(new StopReason(StopCode.TASK_FAILED_TO_START, TaskReconciler.HOST_RESTARTED));
    assertThat(host.starts).isEmpty();
  }

  @Test
  void aTaskThatRanBeforeTheMachineRestartedIsToldAsStopped() throws IOException {
    assign(ONE);
    host.restart();
    restart("another boot");
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(report().stopReason())
        .contains(
            new StopReason(StopCode.ESSENTIAL_CONTAINER_EXITED, TaskReconciler.HOST_RESTARTED));
    assertThat(container("main").exitCode()).isEmpty();
    assertThat(host.starts).containsEntry(MAIN, 1);
  }

  @Test
  void aRunningTaskIsAdoptedWithTheExitCodeThatItGotMeanwhile() throws IOException {
    assign(ONE);
    host.end(MAIN, OptionalInt.of(9));
    restart(BOOT);
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(container("main").exitCode()).hasValue(9);
  }

  @Test
  void anOlderGenerationIsRefusedAlsoByTheNextLife() throws IOException {
    agent.received(control, new ToAgent.Sync(5, List.of()));
    agent.received(control, new ToAgent.Assign(4, ONE));
    assertThat(work.steps()).isEmpty();
    restart(BOOT);
    agent.received(control, new ToAgent.Assign(4, ONE));
    assertThat(work.steps()).isEmpty();
    agent.received(control, new ToAgent.Assign(5, ONE));
    assertThat(work.steps()).isNotEmpty();
  }

  @Test
  void aTaskThatIsNoLongerListedIsStoppedAndForgotten() {
    assign(ONE);
    agent.received(control, new ToAgent.Sync(2, List.of()));
    work.runAll(random);
    assertThat(host.leftovers()).matches(_ -> host.isClean());
    assertThat(host.outputs).isEmpty();
    assertThat(folder.resolve("tasks")).isEmptyDirectory();
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
  }

  @Test
  void anEndedTaskIsNotRunAgainWhenItIsToldAgain() throws IOException {
    assign(ONE);
    end(MAIN, OptionalInt.of(0));
    agent.received(control, new ToAgent.Acknowledge(1, id(1), report().sequence()));
    restart(BOOT);
    control.messages.clear();
    assign(ONE);
    assertThat(host.starts).containsEntry(MAIN, 1);
    assertThat(told()).containsExactly(TaskPhase.STOPPED);
  }

  @Test
  void theOutputIsKeptUntilTheTaskIsForgottenAndControlHearsOfItOnEachConnection()
      throws IOException {
    assign(ONE);
    end(MAIN, OptionalInt.of(0));
    agent.received(control, new ToAgent.Acknowledge(1, id(1), report().sequence()));
    agent.received(control, new ToAgent.Sync(2, List.of()));
    restart(BOOT);
    assertThat(host.outputs).containsExactly(id(1));
    assertThat(control.messages).contains(new ToControl.Keeps(List.of(id(1))));
    agent.received(control, new ToAgent.Forget(2, id(1)));
    assertThat(host.outputs).isEmpty();
    assertThat(folder.resolve("ended")).isEmptyDirectory();
  }

  @Test
  void theOutputGoesWithItsTaskAlsoWhereAPowerCutTookTheRecord() throws IOException {
    assign(ONE);
    end(MAIN, OptionalInt.of(0));
    agent.received(control, new ToAgent.Acknowledge(1, id(1), report().sequence()));
    Files.delete(folder.resolve("ended").resolve(id(1) + ".json"));
    host.failures = "delete output"::equals; // So that it is not removed at the start.
    restart("another boot");
    host.failures = _ -> false;
    assertThat(host.outputs).containsExactly(id(1));
    agent.received(control, new ToAgent.Forget(1, id(1)));
    assertThat(host.outputs).isEmpty();
  }

  @Test
  void anEndedTasksRecordThatAPowerCutEmptiedDoesNotKeepTheAgentFromStarting() throws IOException {
    assign(ONE);
    end(MAIN, OptionalInt.of(0));
    agent.received(control, new ToAgent.Acknowledge(1, id(1), report().sequence()));
    Files.write(folder.resolve("ended").resolve(id(1) + ".json"), new byte[0]);
    restart("another boot");
    agent.received(control, new ToAgent.Forget(1, id(1)));
    assertThat(host.outputs).isEmpty();
  }

  @Test
  void anOldAcknowledgementDoesNotEndATask() {
    assign(ONE);
    long running = report().sequence();
    end(MAIN, OptionalInt.of(0));
    agent.received(control, new ToAgent.Acknowledge(1, id(1), running));
    assertThat(folder.resolve("tasks")).isNotEmptyDirectory();
  }

  @Test
  void whatIsNotAcknowledgedIsToldOnEveryConnectionWithAGrowingSequence() throws IOException {
    assign(ONE);
    long before = report().sequence();
    control.messages.clear();
    agent.connected(control);
    assertThat(told()).containsExactly(TaskPhase.RUNNING);
    restart(BOOT);
    assertThat(report().sequence()).isGreaterThan(before);
  }

  @Test
  void noMoreTasksAreLaunchedAtOnceThanTheBound() {
    for (int number = 1; number <= 5; number++) {
      agent.received(control, new ToAgent.Assign(1, assignment(id(number), BOOT, essential("m"))));
    }
    while (work.runOne(random, each -> each.pause().isZero() && !isHostStep(each))) {
      assertThat(host.cgroups).isEmpty();
    }
    assertThat(work.steps()).filteredOn(TaskStep.PrepareCgroup.class::isInstance).hasSize(2);
    work.runAll(random);
    assertThat(host.running()).hasSize(5);
  }

  private static boolean isHostStep(PumpedWork.Waiting waiting) {
    return waiting.step().filter(TaskStep.Making.class::isInstance).isPresent();
  }

  @Test
  void whatBelongsToNoTaskIsRemovedAtTheStart() throws IOException {
    host.networks.add(id(9));
    host.cgroups.add(id(9));
    host.leases.add(id(9));
    host.roots.put(id(9), new TreeSet<>(List.of("main")));
    host.outputs.add(id(9));
    restart(BOOT);
    assertThat(host.leftovers()).matches(_ -> host.isClean());
    assertThat(host.outputs).isEmpty();
  }

  @Test
  void aTaskWithAnUnreadableJournalIsNeverStartedAgain() throws IOException {
    assign(ONE);
    Files.writeString(folder.resolve("tasks").resolve(id(1) + ".json"), "{\"half");
    restart(BOOT);
    assign(ONE);
    assertThat(host.starts).containsEntry(MAIN, 1);
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(host.leftovers()).matches(_ -> host.isClean());
  }

  @Test
  void aHostKeepsItsNameOverItsLives() throws IOException {
    var name = agent.facts().id();
    restart(BOOT);
    assertThat(agent.facts().id()).isEqualTo(name);
    assertThat(control.messages.getFirst()).isInstanceOf(ToControl.Hello.class);
  }

  private void assign(TaskAssignment assignment) {
    agent.received(control, new ToAgent.Assign(1, assignment));
    work.runAll(random);
  }

  private void end(ContainerKey key, OptionalInt exitCode) {
    host.end(key, exitCode);
    work.runAll(random);
  }

  private void restart(String bootId) throws IOException {
    agent.close();
    agent = newAgent(bootId);
    agent.connected(control);
    work.runAll(random);
  }

  private Agent newAgent(String bootId) throws IOException {
    work = new PumpedWork(host);
    var made =
        new Agent(
            new AgentSettings(folder, "a", Optional.empty(), 0, Map.of(), LAUNCH_COUNT_MAX),
            new Machine(bootId, new Capacity(2048, 4096), "X86_64"),
            host.parts(),
            (_, _, _) -> {
              throw new IOException("nobody reads");
            },
            work,
            () -> FakeHost.NOW,
            random);
    made.start();
    return made;
  }

  private TaskReport report() {
    return control.report(id(1)).orElseThrow();
  }

  private ContainerReport container(String name) {
    return report().containers().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<TaskPhase> told() {
    return control.messages.stream()
        .filter(ToControl.Report.class::isInstance)
        .map(message -> ((ToControl.Report) message).report().phase())
        .toList();
  }
}
