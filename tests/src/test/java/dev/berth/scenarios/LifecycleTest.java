package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tasks of every kind, declared, run, watched and stopped by the aws command. */
final class LifecycleTest {
  private static String network = "";

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "16384", "--host-memory", "32768");
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    JsonNode subnets =
        aws.ec2("describe-subnets", "--filters", "Name=default-for-az,Values=true").path("Subnets");
    network = "awsvpcConfiguration={subnets=[" + subnets.path(0).path("SubnetId").asText() + "]}";
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  @Test
  void aTaskRunsUntilItIsStoppedForAReason() throws Exception {
    register(
        "whole-way",
        """
        [{"name": "main", "image": "%s", "essential": true, "stopTimeout": 10,
          "command": ["sh", "-c", "trap 'exit 7' TERM; echo here; while :; do sleep 0.1; done"]}]
        """);
    JsonNode accepted = run("whole-way");
    String arn = accepted.path("taskArn").asText();
    assertThat(accepted.path("lastStatus").asText()).isIn("PROVISIONING", "PENDING");
    assertThat(accepted.path("desiredStatus").asText()).isEqualTo("RUNNING");

    aws.ecs("wait", "tasks-running", "--tasks", arn);

    JsonNode running = describe(arn);
    assertThat(running.path("lastStatus").asText()).isEqualTo("RUNNING");
    assertThat(running.path("launchType").asText()).isEqualTo("FARGATE");
    assertThat(running.at("/containers/0/lastStatus").asText()).isEqualTo("RUNNING");
    assertThat(running.fieldNames())
        .toIterable()
        .contains("createdAt", "pullStartedAt", "pullStoppedAt", "connectivityAt", "startedAt");
    awaitOutput(arn);

    aws.ecs("stop-task", "--task", arn, "--reason", "seen enough");
    aws.ecs("wait", "tasks-stopped", "--tasks", arn);

    JsonNode stopped = describe(arn);
    assertThat(stopped.path("stopCode").asText()).isEqualTo("UserInitiated");
    assertThat(stopped.path("stoppedReason").asText()).isEqualTo("seen enough");
    assertThat(stopped.at("/containers/0/exitCode").asInt()).isEqualTo(7);
    assertThat(stopped.fieldNames())
        .toIterable()
        .contains("stoppingAt", "executionStoppedAt", "stoppedAt");
    assertThat(stopped.path("version").asInt()).isGreaterThan(running.path("version").asInt());
  }

  @Test
  void aTaskHasANetworkInterfaceForAsLongAsItIsThere() throws Exception {
    register(
        "with-interface",
        """
        [{"name": "main", "image": "%s", "essential": true, "stopTimeout": 2,
          "command": ["sh", "-c", "sleep 1000"]}]
        """);
    String arn = run("with-interface").path("taskArn").asText();
    aws.ecs("wait", "tasks-running", "--tasks", arn);
    JsonNode task = describe(arn);
    String address = task.at("/containers/0/networkInterfaces/0/privateIpv4Address").asText();
    String filter = "Name=private-ip-address,Values=" + address;
    JsonNode seen = aws.ec2("describe-network-interfaces", "--filters", filter);

    assertThat(task.path("connectivity").asText()).isEqualTo("CONNECTED");
    assertThat(task.at("/attachments/0/status").asText()).isEqualTo("ATTACHED");
    assertThat(seen.at("/NetworkInterfaces/0/RequesterManaged").asBoolean()).isTrue();
    assertThat(seen.at("/NetworkInterfaces/0/Description").asText())
        .endsWith("attachment/" + task.at("/attachments/0/id").asText());

    aws.ecs("stop-task", "--task", arn);
    aws.ecs("wait", "tasks-stopped", "--tasks", arn);

    assertThat(
            aws.ec2("describe-network-interfaces", "--filters", filter).path("NetworkInterfaces"))
        .isEmpty();
    assertThat(describe(arn).at("/attachments/0/status").asText()).isEqualTo("DELETED");
  }

  @Test
  void containersShareLocalhostAndTheEssentialOneEndsTheTask() throws Exception {
    register(
        "two",
        """
        [{"name": "side", "image": "%1$s", "essential": false,
          "command": ["sh", "-c", "echo from-the-side | nc -l -p 8080; exit 3"]},
         {"name": "main", "image": "%1$s", "essential": true,
          "command": ["sh", "-c",
            "until nc -w 1 127.0.0.1 8080 </dev/null >/tmp/got 2>/dev/null && [ -s /tmp/got ]; do sleep 0.1; done; cat /tmp/got; sleep 1; exit 5"]}]
        """);
    String arn = run("two").path("taskArn").asText();

    JsonNode task = stopped(arn);

    assertThat(task.path("stopCode").asText()).isEqualTo("EssentialContainerExited");
    assertThat(task.path("stoppedReason").asText()).isEqualTo("Essential container in task exited");
    assertThat(container(task, "side").path("exitCode").asInt()).isEqualTo(3);
    assertThat(container(task, "main").path("exitCode").asInt()).isEqualTo(5);
    assertThat(new PatientCalls(berth).output(arn)).containsExactly("from-the-side");
  }

  @Test
  void aContainerThatDoesNotEndInTimeIsKilled() throws Exception {
    register(
        "stubborn",
        """
        [{"name": "main", "image": "%s", "essential": true, "stopTimeout": 2,
          "command": ["sh", "-c", "trap '' TERM; echo here; while :; do sleep 0.1; done"]}]
        """);
    String arn = run("stubborn").path("taskArn").asText();
    awaitOutput(arn);

    aws.ecs("stop-task", "--task", arn);

    JsonNode task = stopped(arn);
    assertThat(task.at("/containers/0/exitCode").asInt()).isEqualTo(137);
    assertThat(task.at("/containers/0").has("reason")).as("a reason in %s", task).isFalse();
    assertThat(task.path("stoppedReason").asText()).isEqualTo("Task stopped by user");
  }

  @Test
  void aContainerThatTakesTooMuchMemoryIsToldApart() throws Exception {
    register(
        "greedy",
        """
        [{"name": "main", "image": "%s", "essential": true, "memory": 64,
          "command": ["tail", "/dev/zero"]}]
        """);

    JsonNode task = stopped(run("greedy").path("taskArn").asText());

    assertThat(task.at("/containers/0/exitCode").asInt()).isEqualTo(137);
    assertThat(task.at("/containers/0/reason").asText()).startsWith("OutOfMemoryError");
    assertThat(task.path("stopCode").asText()).isEqualTo("EssentialContainerExited");
  }

  @Test
  void whatIsDeclaredAndOverriddenReachesTheProcess() throws Exception {
    register(
        "declared",
        """
        [{"name": "main", "image": "%s", "essential": true, "user": "1000:1001",
          "workingDirectory": "/tmp", "entryPoint": ["sh", "-c"], "command": ["echo not this"],
          "environment": [{"name": "KEPT", "value": "declared"},
                          {"name": "CHANGED", "value": "declared"}]}]
        """);
    String overrides =
        """
        {"containerOverrides": [{"name": "main",
          "command": ["id -u; id -g; pwd; echo $KEPT $CHANGED $ADDED"],
          "environment": [{"name": "CHANGED", "value": "overridden"},
                          {"name": "ADDED", "value": "added"}]}]}
        """;
    JsonNode accepted = run("declared", "--overrides", overrides);
    String arn = accepted.path("taskArn").asText();

    JsonNode task = stopped(arn);

    assertThat(task.at("/containers/0/exitCode").asInt()).isZero();
    assertThat(new PatientCalls(berth).output(arn))
        .containsExactly("1000", "1001", "/tmp", "declared overridden added");
    assertThat(task.at("/overrides/containerOverrides/0/environment")).hasSize(2);
  }

  @Test
  void anImageThatNobodyHasStopsTheTask() throws Exception {
    // Nobody listens on port 1, and no request leaves this machine.
    aws.ecs(
        "register-task-definition",
        "--family",
        "nowhere",
        "--network-mode",
        "awsvpc",
        "--requires-compatibilities",
        "FARGATE",
        "--cpu",
        "256",
        "--memory",
        "512",
        "--container-definitions",
        "[{\"name\": \"main\", \"image\": \"127.0.0.1:1/nobody/has:it\", \"essential\": true}]");

    JsonNode task = stopped(run("nowhere").path("taskArn").asText());

    assertThat(task.path("stopCode").asText()).isEqualTo("TaskFailedToStart");
    assertThat(task.path("stoppedReason").asText()).startsWith("CannotPullContainerError");
    assertThat(task.at("/containers/0/reason").asText()).startsWith("CannotPullContainerError");
    assertThat(task.at("/containers/0").has("exitCode")).isFalse();
  }

  @Test
  void tasksAreListedByWhatTheyAreAndPageByPage() throws Exception {
    register(
        "listed",
        """
        [{"name": "main", "image": "%s", "essential": true, "stopTimeout": 2,
          "command": ["sleep", "600"]}]
        """);
    var arns = new ArrayList<String>();
    runAll("listed", "--count", "5", "--started-by", "lister")
        .forEach(task -> arns.add(task.path("taskArn").asText()));
    assertThat(arns).hasSize(5);

    assertThat(list("--started-by", "lister", "--page-size", "2"))
        .containsExactlyInAnyOrderElementsOf(arns);
    assertThat(list("--family", "listed", "--max-items", "3")).hasSize(3);
    assertThat(list("--family", "listed", "--desired-status", "STOPPED")).isEmpty();
    assertThat(list("--started-by", "somebody-else")).isEmpty();

    for (String arn : arns.subList(0, 2)) {
      aws.ecs("stop-task", "--task", arn);
    }

    assertThat(list("--family", "listed", "--desired-status", "STOPPED"))
        .containsExactlyInAnyOrderElementsOf(arns.subList(0, 2));
    assertThat(list("--family", "listed")).containsExactlyInAnyOrderElementsOf(arns.subList(2, 5));
    for (String arn : arns.subList(2, 5)) {
      aws.ecs("stop-task", "--task", arn);
    }
    var wait = new ArrayList<>(List.of("wait", "tasks-stopped", "--tasks"));
    wait.addAll(arns);
    aws.ecs(wait.toArray(String[]::new));
  }

  private static void register(String family, String containers) throws Exception {
    aws.ecs(
        "register-task-definition",
        "--family",
        family,
        "--network-mode",
        "awsvpc",
        "--requires-compatibilities",
        "FARGATE",
        "--cpu",
        "256",
        "--memory",
        "512",
        "--container-definitions",
        containers.formatted(RunningBerth.BUSYBOX));
  }

  private static JsonNode run(String family, String... more) throws Exception {
    JsonNode tasks = runAll(family, more);
    assertThat(tasks).hasSize(1);
    return tasks.path(0);
  }

  private static JsonNode runAll(String family, String... more) throws Exception {
    var words = new ArrayList<>(List.of("run-task", "--task-definition", family));
    words.addAll(List.of("--launch-type", "FARGATE", "--network-configuration", network));
    words.addAll(List.of(more));
    JsonNode answer = aws.ecs(words.toArray(String[]::new));
    assertThat(answer.path("failures")).isEmpty();
    return answer.path("tasks");
  }

  private static JsonNode describe(String arn) throws Exception {
    JsonNode answer = aws.ecs("describe-tasks", "--tasks", arn);
    assertThat(answer.path("failures")).isEmpty();
    return answer.path("tasks").path(0);
  }

  private static JsonNode stopped(String arn) throws Exception {
    JsonNode task = new PatientCalls(berth).await(arn, "STOPPED");
    assertThat(task.path("lastStatus").asText()).isEqualTo("STOPPED");
    return describe(arn);
  }

  private static List<String> list(String... filters) throws Exception {
    var words = new ArrayList<>(List.of("list-tasks"));
    words.addAll(List.of(filters));
    var arns = new ArrayList<String>();
    aws.ecs(words.toArray(String[]::new)).path("taskArns").forEach(arn -> arns.add(arn.asText()));
    return arns;
  }

  private static JsonNode container(JsonNode task, String name) {
    for (JsonNode container : task.path("containers")) {
      if (container.path("name").asText().equals(name)) {
        return container;
      }
    }
    throw new AssertionError("no container " + name + " in " + task);
  }

  private static void awaitOutput(String arn) throws InterruptedException, IOException {
    var calls = new PatientCalls(berth);
    while (calls.output(arn).isEmpty()) {
      assertThat(calls.describe(arn).path("lastStatus").asText()).isNotEqualTo("STOPPED");
      Thread.sleep(50);
    }
  }
}
