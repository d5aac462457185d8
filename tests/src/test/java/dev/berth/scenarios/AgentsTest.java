package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.crash.TaskProcesses;
import dev.berth.bench.rig.Leaks;
import dev.berth.bench.rig.RunningAgent;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.endpoint.BerthClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server without an agent of its own, and two agents in processes of their own. */
final class AgentsTest {
  /** Room for two of the tasks here on each host. */
  private static final String HOST_CPU_UNITS = "512";

  private static final String HOST_MEMORY_MIB = "2048";
  private static final long WAIT_SECONDS_MAX = 60;

  /** Ends in order when it is told to. */
  private static final String RUNS = "trap 'exit 7' TERM; echo here; while :; do sleep 0.1; done";

  @TempDir private Path folder = Path.of("");
  private RunningBerth berth;
  private PatientCalls calls;
  private String definition = "";
  private final List<RunningAgent> agents = new ArrayList<>();

  @RegisterExtension private final LastWords words = new LastWords(this::lastWords);

  private String lastWords() {
    var text = new StringBuilder(berth.lastWords());
    agents.forEach(agent -> text.append("\n--- agent\n").append(agent.lastWords()));
    return text.toString();
  }

  @BeforeEach
  void start() throws Exception {
    int linkPort = RunningBerth.freePort();
    int apiPort = RunningBerth.freePort();
    berth =
        RunningBerth.start(
            folder.resolve("server"),
            "--no-agent",
            "--link-port",
            Integer.toString(linkPort),
            "--task-api-port",
            Integer.toString(apiPort),
            "--host-lost-after",
            "4");
    calls = new PatientCalls(berth);
    Path archive = Files.write(folder.resolve("busybox.tar"), RunningBerth.busyboxArchive());
    for (String name : List.of("one", "two")) {
      agents.add(
          RunningAgent.start(
              folder.resolve(name),
              berth,
              linkPort,
              "--api-port",
              Integer.toString(apiPort),
              "--host-cpu",
              HOST_CPU_UNITS,
              "--host-memory",
              HOST_MEMORY_MIB,
              "--load-image",
              archive.toString()));
    }
    awaitTrue(() -> hosts().stream().filter(AgentsTest::isConnected).count() == 2);
    definition = calls.register("agents", 2);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    berth.close();
    for (RunningAgent agent : agents) {
      agent.close();
      assertThat(Leaks.ofRetired(agent.host())).isEmpty();
    }
  }

  @Test
  void tasksSpreadAndNoHostIsGivenMoreThanItHas() throws Exception {
    var arns = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      arns.add(calls.run(definition, RUNS, "spread-" + i));
    }
    arns.forEach(this::awaitRunning);

    assertThat(hosts())
        .allSatisfy(
            host -> {
              assertThat(host.path("taskCount").asInt()).isEqualTo(2);
              assertThat(host.at("/used/cpuUnits").asInt())
                  .isEqualTo(host.at("/capacity/cpuUnits").asInt());
            });

    String waiting = calls.run(definition, RUNS, "spread-last");

    assertThat(calls.describe(waiting).path("lastStatus").asText()).isEqualTo("PROVISIONING");
    JsonNode why = status().path("waiting").path(0);
    assertThat(why.path("task").asText()).isEqualTo(waiting);
    assertThat(why.path("reason").asText()).contains("CPU");

    calls.stop(arns.getFirst(), "room for another");
    awaitRunning(waiting);

    assertThat(status().path("waiting")).isEmpty();
    assertThat(hosts()).allSatisfy(host -> assertThat(host.path("taskCount").asInt()).isEqualTo(2));
  }

  @Test
  void tasksReachTheApiAlsoWhereTheAgentIsNotTheServers() throws Exception {
    String ask =
        "echo $AWS_ENDPOINT_URL; printf 'GET /?Action=GetCallerIdentity&Version=2011-06-15"
            + " HTTP/1.1\\r\\nHost: berth\\r\\nConnection: close\\r\\n\\r\\n' | nc -w 5 169.254.170.2 4510 | grep -o"
            + " '<Code>[A-Za-z]*</Code>'";
    String arn = calls.run(definition, ask, "api");
    calls.await(arn, "STOPPED");

    assertThat(calls.output(arn))
        .containsExactly("http://169.254.170.2:4510", "<Code>MissingAuthenticationToken</Code>");
  }

  @Test
  void tasksGoOnWhileTheirAgentIsKilledAndStartedAgain() throws Exception {
    String arn = calls.run(definition, RUNS, "go-on");
    awaitRunning(arn);
    RunningAgent agent = agentOf(arn);
    ProcessIdentity init = TaskProcesses.init(agent.host(), arn);

    agent.kill();
    awaitTrue(() -> hosts().stream().filter(AgentsTest::isConnected).count() == 1);
    assertThat(init.isAlive()).isTrue();
    agent.startAgain();
    awaitTrue(() -> hosts().stream().filter(AgentsTest::isConnected).count() == 2);

    assertThat(calls.describe(arn).path("lastStatus").asText()).isEqualTo("RUNNING");
    assertThat(init.isAlive()).isTrue();
    calls.stop(arn, "enough");
    JsonNode task = calls.await(arn, "STOPPED");
    assertThat(task.path("containers").path(0).path("exitCode").asInt()).isEqualTo(7);
  }

  @Test
  void aLostHostsTasksEndAndItCleansUpWhenItReturns() throws Exception {
    String arn = calls.run(definition, RUNS, "lost");
    awaitRunning(arn);
    RunningAgent agent = agentOf(arn);
    ProcessIdentity init = TaskProcesses.init(agent.host(), arn);

    agent.kill();

    JsonNode task = calls.await(arn, "STOPPED");
    assertThat(task.path("stopCode").asText()).isEqualTo("TerminationNotice");
    assertThat(task.path("containers").path(0).has("exitCode")).isFalse();
    assertThat(init.isAlive()).as("nobody is there to end it").isTrue();

    agent.startAgain();
    awaitTrue(() -> hosts().stream().allMatch(host -> host.path("taskCount").asInt() == 0));

    assertThat(init.isAlive()).isFalse();
    assertThat(Leaks.ofIdle(agent.host())).isEmpty();
    assertThat(hosts()).allMatch(AgentsTest::isConnected);
  }

  @Test
  void aServerThatIsToldToFailAnswersAsAwsDoes() throws Exception {
    var small =
        RunningBerth.start(
            folder.resolve("small"),
            "--host-cpu",
            "256",
            "--host-memory",
            "1024",
            "--no-capacity",
            "fail");
    try (small) {
      small.loadBusybox();
      var there = new PatientCalls(small);
      String here = there.register("full", 2);
      there.await(there.run(here, "exit 0", "first"), "STOPPED"); // The host has connected.
      String first = there.run(here, RUNS, "second");
      var input = BerthClient.input().put("taskDefinition", here).put("launchType", "FARGATE");
      var subnets =
          input
              .putObject("networkConfiguration")
              .putObject("awsvpcConfiguration")
              .putArray("subnets");
      small.client().defaultSubnets().forEach(subnets::add);

      JsonNode answer = small.client().ecs("RunTask", input);

      assertThat(answer.path("tasks")).isEmpty();
      assertThat(answer.at("/failures/0/reason").asText()).isEqualTo("RESOURCE:CPU");
      assertThat(there.await(first, "RUNNING").path("lastStatus").asText()).isEqualTo("RUNNING");
    }
    assertThat(Leaks.ofRetired(small.host())).isEmpty();
  }

  private void awaitRunning(String arn) {
    awaitTrue(() -> !calls.output(arn).isEmpty());
    assertThat(calls.describe(arn).path("lastStatus").asText()).isEqualTo("RUNNING");
  }

  private RunningAgent agentOf(String arn) {
    String task = arn.substring(arn.lastIndexOf('/') + 1);
    return agents.stream()
        .filter(
            agent -> Files.isDirectory(agent.host().runtime().resolve("containers").resolve(task)))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode status() {
    return berth.client().operator("Status", BerthClient.input());
  }

  private List<JsonNode> hosts() {
    var hosts = new ArrayList<JsonNode>();
    status().path("hosts").forEach(hosts::add);
    return hosts;
  }

  private static boolean isConnected(JsonNode host) {
    return host.path("state").asText().equals("CONNECTED");
  }

  private static void awaitTrue(BooleanSupplier condition) {
    long deadline = System.nanoTime() + WAIT_SECONDS_MAX * 1_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for too long").isLessThan(deadline);
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }
}
