package dev.berth.agent.task;

import static dev.berth.agent.task.Tasks.BOOT;
import static dev.berth.agent.task.Tasks.essential;
import static dev.berth.agent.task.Tasks.id;
import static dev.berth.agent.task.Tasks.sidecar;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentSettings;
import dev.berth.agent.Machine;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.host.Capacity;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.StopCode;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values are asked of control at the launch, reach their container, and no file of the agent. */
class TaskSecretsTest {
  private static final String VALUE = "unmistakable";

  @TempDir Path folder;
  private final FakeHost host = new FakeHost();
  private final FakeControl control = new FakeControl(host);
  private final PumpedWork work = new PumpedWork(host);
  private final Random random = new Random(7);
  private final List<ToControl.AskSecrets> asked = new ArrayList<>();
  private Optional<String> missing = Optional.empty();

  @Test
  void eachContainerGetsItsOwnAndTheJournalNone() throws Exception {
    try (var agent = newAgent()) {
      launch(agent, essential("app"), sidecar("side"));

      assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
      assertThat(asked).extracting(ToControl.AskSecrets::task).containsExactly(id(1));
      assertThat(environment("app")).containsEntry("KEY", VALUE);
      assertThat(environment("side")).doesNotContainKey("KEY");
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(file).content().doesNotContain(VALUE);
        }
      }
    }
  }

  @Test
  void aTaskWithoutSecretsAsksForNone() throws Exception {
    try (var agent = newAgent()) {
      var session = new AnsweringControl(agent);
      agent.connected(session);
      agent.received(
          session, new ToAgent.Assign(1, Tasks.assignment(id(1), BOOT, essential("app"))));
      work.runAll(random);

      assertThat(report().phase()).isEqualTo(TaskPhase.RUNNING);
      assertThat(asked).isEmpty();
    }
  }

  @Test
  void whatIsMissingStopsTheTaskBeforeAnyContainerIsMade() throws Exception {
    missing = Optional.of("unable to retrieve secrets from ssm: invalid parameters: /nope");
    try (var agent = newAgent()) {
      launch(agent, essential("app"));

      assertThat(report().phase()).isEqualTo(TaskPhase.STOPPED);
      assertThat(report().stopReason().orElseThrow().code())
          .isEqualTo(StopCode.TASK_FAILED_TO_START);
      assertThat(report().stopReason().orElseThrow().text())
          .isEqualTo(
              "ResourceInitializationError: unable to pull secrets or registry auth: execution"
                  + " resource retrieval failed: unable to retrieve secrets from ssm: invalid"
                  + " parameters: /nope");
      assertThat(host.plans).isEmpty();
      assertThat(host.leftovers()).matches(_ -> host.isClean());
    }
  }

  private void launch(Agent agent, ContainerSpec... containers) {
    var session = new AnsweringControl(agent);
    agent.connected(session);
    TaskAssignment plain = Tasks.assignment(id(1), BOOT, containers);
    TaskSpec spec = plain.spec();
    var secret =
        new TaskSpec(
            spec.id(),
            spec.realm(),
            spec.cluster(),
            spec.family(),
            spec.revision(),
            spec.size(),
            spec.containers(),
            spec.eni(),
            spec.ephemeralStorageGib(),
            spec.pidMode(),
            Optional.of(Map.of("app", Map.of("KEY", "/web/key"))),
            Optional.empty(),
            Optional.empty());
    agent.received(
        session, new ToAgent.Assign(1, new TaskAssignment(secret, BOOT, Optional.empty())));
    work.runAll(random);
  }

  private TaskReport report() {
    return control.report(id(1)).orElseThrow();
  }

  private Map<String, String> environment(String container) {
    return Objects.requireNonNull(host.plans.get(new ContainerKey(id(1), container))).environment();
  }

  private Agent newAgent() throws IOException {
    var made =
        new Agent(
            new AgentSettings(folder, "a", Optional.empty(), 0, Map.of(), 1),
            new Machine(BOOT, new Capacity(2048, 4096), "X86_64"),
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

  /** Answers at once, as control does. */
  private final class AnsweringControl implements ControlSession {
    private final Agent agent;

    AnsweringControl(Agent agent) {
      this.agent = agent;
    }

    @Override
    public void send(ToControl message) {
      control.send(message);
      if (message instanceof ToControl.AskSecrets question) {
        asked.add(question);
        Map<String, Map<String, String>> values =
            missing.isPresent() ? Map.of() : Map.of("app", Map.of("KEY", VALUE));
        agent.received(
            this, new ToAgent.Secrets(1, question.request(), question.task(), values, missing));
      }
    }

    @Override
    public void close() {}
  }
}
