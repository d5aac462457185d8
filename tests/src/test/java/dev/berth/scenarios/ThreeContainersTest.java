package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A step that prepares, a Redis, and an application in Python: real programs of a distribution. */
final class ThreeContainersTest {
  private static final int POLL_MILLIS = 100;

  /** Talks to Redis until it is stopped, and once more then: Redis must still be there. */
  private static final String APPLICATION =
      """
      import signal, socket, sys
      def redis(*words):
          with socket.create_connection(('127.0.0.1', 6379), 5) as s:
              s.sendall((' '.join(words) + '\\r\\n').encode())
              return s.recv(1000).decode().split('\\r\\n')[0]
      def stop(*_):
          print('at the end ' + redis('PING'), flush=True)
          sys.exit(0)
      signal.signal(signal.SIGTERM, stop)
      print('prepared ' + open('/data/prepared').read().strip(), flush=True)
      print('set ' + redis('SET', 'key', 'value'), flush=True)
      while True:
          signal.pause()
      """;

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static String network = "";

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    var redis = image("redis");
    var python = image("python");
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "16384", "--host-memory", "32768");
    berth.loadBusybox();
    load(redis, "debian/redis:latest");
    load(python, "debian/python:latest");
    aws = new Aws(berth.endpoint());
    network = "awsvpcConfiguration={subnets=[" + berth.client().defaultSubnets().getFirst() + "]}";
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  @Test
  void theyStartInOrderAreHealthyAndStopInTheReverseOrder() throws Exception {
    Path definition = Files.writeString(folder.resolve("three.json"), definition());
    aws.ecs("register-task-definition", "--cli-input-json", "file://" + definition);
    String arn =
        aws.ecs(
                "run-task",
                "--task-definition",
                "three",
                "--launch-type",
                "FARGATE",
                "--network-configuration",
                network)
            .at("/tasks/0/taskArn")
            .asText();
    var calls = new PatientCalls(berth);

    JsonNode running = calls.await(arn, "RUNNING");

    assertThat(container(running, "init").path("exitCode").asInt(-1)).as("%s", running).isZero();
    assertThat(container(running, "redis").path("healthStatus").asText()).isEqualTo("HEALTHY");
    awaitOutput(arn, "prepared by the first", "set +OK");
    awaitHealthy(arn);
    assertThat(aws.ecs("describe-tasks", "--tasks", arn).at("/tasks/0/healthStatus").asText())
        .isEqualTo("HEALTHY");

    aws.ecs("stop-task", "--task", arn);

    JsonNode stopped = calls.await(arn, "STOPPED");
    assertThat(calls.output(arn)).as("%s", stopped).last().isEqualTo("at the end +PONG");
    assertThat(container(stopped, "main").path("exitCode").asInt(-1)).isZero();
    assertThat(container(stopped, "redis").path("exitCode").asInt(-1)).isZero();
  }

  private static String definition() {
    String application =
        APPLICATION.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return """
    {"family": "three", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
     "cpu": "512", "memory": "1024", "volumes": [{"name": "data"}],
     "containerDefinitions": [
      {"name": "main", "image": "debian/python", "essential": true,
       "command": ["python3", "-c", "%s"],
       "mountPoints": [{"sourceVolume": "data", "containerPath": "/data", "readOnly": true}],
       "dependsOn": [{"containerName": "redis", "condition": "HEALTHY"}],
       "healthCheck": {"command": ["CMD", "python3", "-c", "import socket; socket.create_connection(('127.0.0.1', 6379), 2)"],
                       "interval": 5, "timeout": 5, "retries": 3}},
      {"name": "redis", "image": "debian/redis", "essential": true, "startTimeout": 120,
       "command": ["redis-server", "--dir", "/data", "--save", ""],
       "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}],
       "dependsOn": [{"containerName": "init", "condition": "SUCCESS"}],
       "healthCheck": {"command": ["CMD-SHELL", "redis-cli ping | grep -q PONG"],
                       "interval": 5, "timeout": 5, "retries": 3, "startPeriod": 30}},
      {"name": "init", "image": "%s", "essential": false,
       "command": ["sh", "-c", "sleep 1; echo by the first > /data/prepared"],
       "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}]}
    """
        .formatted(application, RunningBerth.BUSYBOX);
  }

  /** Built once and kept. */
  private static Path image(String name) throws IOException, InterruptedException {
    var building =
        new ProcessBuilder("../tests/images/build", name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    building.getOutputStream().close();
    var path = new String(building.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(building.waitFor()).as("the build of the image %s", name).isZero();
    return Path.of(path);
  }

  private static void load(Path archive, String name) throws IOException {
    try (var stream = Files.newInputStream(archive)) {
      JsonNode _ = berth.client().loadImage(stream, Files.size(archive), name, _ -> {});
    }
  }

  private static void awaitOutput(String arn, String... lines) throws InterruptedException {
    var calls = new PatientCalls(berth);
    while (!calls.output(arn).containsAll(List.of(lines))) {
      assertThat(calls.describe(arn).path("lastStatus").asText()).isEqualTo("RUNNING");
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static void awaitHealthy(String arn) throws InterruptedException {
    var calls = new PatientCalls(berth);
    JsonNode task = calls.describe(arn);
    while (!task.path("healthStatus").asText().equals("HEALTHY")) {
      assertThat(task.path("lastStatus").asText()).as("%s", task).isEqualTo("RUNNING");
      Thread.sleep(POLL_MILLIS);
      task = calls.describe(arn);
    }
  }

  private static JsonNode container(JsonNode task, String name) {
    for (JsonNode container : task.path("containers")) {
      if (container.path("name").asText().equals(name)) {
        return container;
      }
    }
    throw new AssertionError("no container " + name + " in " + task);
  }
}
