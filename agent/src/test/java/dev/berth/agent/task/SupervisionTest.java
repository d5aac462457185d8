package dev.berth.agent.task;

import static dev.berth.agent.task.Tasks.BOOT;
import static dev.berth.agent.task.Tasks.after;
import static dev.berth.agent.task.Tasks.assignment;
import static dev.berth.agent.task.Tasks.checked;
import static dev.berth.agent.task.Tasks.essential;
import static dev.berth.agent.task.Tasks.id;
import static dev.berth.agent.task.Tasks.restarted;
import static dev.berth.agent.task.Tasks.sidecar;
import static dev.berth.agent.task.Tasks.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentSettings;
import dev.berth.agent.Machine;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.model.host.Capacity;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.Health;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.Supervision.Condition;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order containers start and stop, who is healthy, and who is started again. */
class SupervisionTest {
  private static final ContainerKey INIT = new ContainerKey(id(1), "init");
  private static final ContainerKey DB = new ContainerKey(id(1), "db");
  private static final ContainerKey APP = new ContainerKey(id(1), "app");

  @TempDir Path folder;
  private final FakeHost host = new FakeHost();
  private final FakeControl control = new FakeControl(host);
  private final Random random = new Random(7);
  private PumpedWork work = new PumpedWork(host);
  private Instant now = FakeHost.NOW;
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    agent = newAgent();
    agent.connected(control);
    agent.received(control, new ToAgent.Sync(1, List.of()));
  }

  private Agent newAgent() throws IOException {
    work = new PumpedWork(host);
    var made =
        new Agent(
            new AgentSettings(folder, "a", Optional.empty(), 0, Map.of(), 1),
            new Machine(BOOT, new Capacity(2048, 4096), "X86_64"),
            host.parts(),
            (_, _, _) -> {
              throw new IOException("nobody reads");
            },
            work,
            () -> now,
            random);
    made.start();
    return made;
  }

  @Test
  void aContainerStartsOnceItsDependencyHasSucceeded() {
    assign(
        assignment(
            id(1), BOOT, after(essential("app"), "init", Condition.SUCCESS), sidecar("init")));
    assertThat(host.starts).containsOnlyKeys(INIT);
    assertThat(report().phase()).isEqualTo(TaskPhase.PENDING);

    end(INIT, 0);

    assertThat(host.starts).containsOnlyKeys(INIT, APP);
    assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
  }

  @Test
  void aDependencyThatFailedStopsTheTaskAndSaysWhy() {
    assign(
        assignment(
            id(1), BOOT, after(essential("app"), "init", Condition.SUCCESS), sidecar("init")));
    end(INIT, 4);
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(report().stopReason().orElseThrow().code()).isEqualTo(StopCode.TASK_FAILED_TO_START);
    assertThat(container("app").reason().orElseThrow())
        .contains("'init' has ended with exit code 4", "SUCCESS");
    assertThat(container("app").exitCode()).isEmpty();
    assertThat(host.starts).containsOnlyKeys(INIT);
    assertThat(host.leftovers()).matches(_ -> host.isClean());
  }

  @Test
  void aFailureIsACompletionToo() {
    assign(
        assignment(
            id(1), BOOT, after(essential("app"), "init", Condition.COMPLETE), sidecar("init")));
    end(INIT, 4);
    assertThat(host.starts).containsKeys(APP);
  }

  @Test
  void aContainerStartsAfterTheStartOfItsDependency() {
    assign(
        assignment(id(1), BOOT, after(essential("app"), "init", Condition.START), sidecar("init")));
    assertThat(host.startOrder).containsExactly(INIT, APP);
  }

  @Test
  void aContainerStartsOnceItsDependencyIsHealthy() {
    assign(dbAndApp());
    assertThat(host.starts).containsOnlyKeys(DB);
    assertThat(container("db").health()).contains(Health.UNKNOWN);
    assertThat(container("app").health()).isEmpty();

    check();

    assertThat(host.starts).containsOnlyKeys(DB, APP);
    assertThat(container("db").health()).contains(Health.HEALTHY);
  }

  @Test
  void aDependencyThatIsNotHealthyInTimeStopsTheTask() {
    host.healthy = _ -> false;
    assign(dbAndApp());
    check();
    check();
    assertThat(container("db").health()).contains(Health.UNHEALTHY);
    assertThat(report().phase()).isEqualTo(TaskPhase.PENDING);

    assertThat(work.runPaused(random, TaskStep.AwaitStartTimeout.class)).isTrue();
    work.runAll(random);

    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(container("app").reason().orElseThrow()).contains("startTimeout of 20 seconds");
    assertThat(host.starts).containsOnlyKeys(DB);
  }

  @Test
  void whoDependsIsStoppedFirst() {
    host.onTerm = FakeHost.OnTerm.IGNORES;
    assign(dbAndApp());
    check();
    assign(stopped(dbAndApp()));
    assertThat(host.signals).containsExactly("15 app");
    end(APP, 0);
    assertThat(host.signals).containsExactly("15 app", "15 db");
    end(DB, 0);
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
  }

  @Test
  void twoFailuresInARowMakeAContainerUnhealthyAndOneSuccessMendsIt() {
    assign(assignment(id(1), BOOT, checked(essential("db"))));
    check();
    host.healthy = _ -> false;
    check();
    assertThat(container("db").health()).contains(Health.HEALTHY);
    check();
    assertThat(container("db").health()).contains(Health.UNHEALTHY);
    assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
    host.healthy = _ -> true;
    check();
    assertThat(container("db").health()).contains(Health.HEALTHY);
  }

  @Test
  void aCheckThatCannotBeRunHasFailed() {
    assign(assignment(id(1), BOOT, checked(essential("db"))));
    host.failures = "check"::equals;
    check();
    check();
    assertThat(container("db").health()).contains(Health.UNHEALTHY);
  }

  @Test
  void healthIsRememberedByTheNextLife() throws IOException {
    assign(assignment(id(1), BOOT, checked(essential("db"))));
    check();
    restart();
    assertThat(container("db").health()).contains(Health.HEALTHY);
    host.healthy = _ -> false;
    check();
    check();
    assertThat(container("db").health()).contains(Health.UNHEALTHY);
  }

  @Test
  void theTimeOthersWaitForAContainerGoesOnInTheNextLife() throws IOException {
    host.healthy = _ -> false;
    assign(dbAndApp());
    assertThat(work.pause(TaskStep.AwaitStartTimeout.class)).contains(Duration.ofSeconds(20));

    now = now.plusSeconds(15);
    restart();
    assertThat(work.pause(TaskStep.AwaitStartTimeout.class)).contains(Duration.ofSeconds(5));
    assertThat(report().phase()).isEqualTo(TaskPhase.PENDING);

    now = now.plusSeconds(15);
    restart();
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(container("app").reason().orElseThrow()).contains("startTimeout of 20 seconds");
  }

  @Test
  void theTimeToStopGoesOnInTheNextLifeAndTheSignalIsSentOnce() throws IOException {
    host.onTerm = FakeHost.OnTerm.IGNORES;
    assign(assignment(id(1), BOOT, essential("app")));
    assign(stopped(assignment(id(1), BOOT, essential("app"))));
    Duration whole = work.pause(TaskStep.AwaitStopTimeout.class).orElseThrow();

    now = now.plusSeconds(1);
    restart();
    assertThat(work.pause(TaskStep.AwaitStopTimeout.class)).contains(whole.minusSeconds(1));
    assertThat(host.signals).containsExactly("15 app");

    now = now.minusSeconds(600);
    restart();
    assertThat(work.pause(TaskStep.AwaitStopTimeout.class)).contains(whole);

    now = now.plusSeconds(600).plus(whole);
    restart();
    assertThat(host.signals).containsExactly("15 app", "9 app");
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
  }

  @Test
  void aContainerWithARestartPolicyIsStartedAgain() {
    assign(assignment(id(1), BOOT, restarted(essential("app"))));
    end(APP, 1);
    assertThat(host.starts).containsEntry(APP, 2);
    assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
    assertThat(container("app").status()).isEqualTo(ContainerReport.Status.RUNNING);
    assertThat(container("app").restartCount()).hasValue(1);

    end(APP, 3);
    assertThat(host.starts).containsEntry(APP, 2);
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(container("app").exitCode()).hasValue(3);
  }

  @Test
  void aContainerThatWasStoppedIsNotStartedAgain() {
    assign(assignment(id(1), BOOT, restarted(essential("app"))));
    assign(stopped(assignment(id(1), BOOT, restarted(essential("app")))));
    assertThat(host.starts).containsEntry(APP, 1);
    assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
    assertThat(container("app").exitCode()).hasValue(143);
  }

  @Test
  void whatCannotBeStartedAgainStaysEnded() {
    assign(assignment(id(1), BOOT, essential("app"), restarted(sidecar("init"))));
    host.failures = "create"::equals;
    end(INIT, 1);
    assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
    assertThat(container("init").status()).isEqualTo(ContainerReport.Status.STOPPED);
    assertThat(container("init").reason().orElseThrow()).startsWith("CannotCreateContainerError");
    host.failures = _ -> false;
    end(APP, 0);
    assertThat(host.leftovers()).matches(_ -> host.isClean());
  }

  @Test
  void aRestartGoesOnInTheNextLife() throws IOException {
    assign(assignment(id(1), BOOT, restarted(essential("app"))));
    host.failures = "delete"::equals;
    end(APP, 1);
    assertThat(host.starts).containsEntry(APP, 1);
    host.failures = _ -> false;
    restart();
    assertThat(host.starts).containsEntry(APP, 2);
    assertThat(container("app").restartCount()).hasValue(1);
  }

  @Test
  void aTaskThatWaitsForADependencyHoldsNoLaunchSlot() {
    assign(
        assignment(
            id(1), BOOT, after(essential("app"), "init", Condition.SUCCESS), sidecar("init")));
    assign(assignment(id(2), BOOT, essential("app")));
    assertThat(host.starts).containsKeys(new ContainerKey(id(2), "app"));
  }

  private static TaskAssignment dbAndApp() {
    return assignment(
        id(1), BOOT, after(essential("app"), "db", Condition.HEALTHY), checked(essential("db")));
  }

  private void check() {
    assertThat(work.runPaused(random, TaskStep.CheckHealth.class)).isTrue();
    work.runAll(random);
  }

  private void restart() throws IOException {
    agent.close();
    agent = newAgent();
    agent.connected(control);
    work.runAll(random);
  }

  private void assign(TaskAssignment assignment) {
    agent.received(control, new ToAgent.Assign(1, assignment));
    work.runAll(random);
  }

  private void end(ContainerKey key, int exitCode) {
    host.end(key, OptionalInt.of(exitCode));
    work.runAll(random);
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
}
