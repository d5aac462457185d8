package dev.berth.cli.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.task.TaskEnd.Exited;
import dev.berth.cli.task.TaskEnd.NeverRan;
import dev.berth.cli.task.TaskOutput.Progress;
import java.io.PrintWriter;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A task that a person started and watches.
 *
 * <p>It runs under a task definition of its own, which is deregistered as soon as the task is
 * accepted: what runs is not touched by that.
 */
public final class ForegroundTask {
  private static final String FAMILY_PREFIX = "berth-run-";
  private static final String STARTED_BY = "berth-run";

  /** Short, because a task that fails to start says nothing. */
  private static final int OUTPUT_WAIT_MILLIS = 1_000;

  private static final int END_WAIT_MILLIS_MAX = 200_000;
  private static final int END_PAUSE_MILLIS_FIRST = 5;
  private static final int END_PAUSE_MILLIS_MAX = 500;

  private final BerthClient client;
  private final String cluster;
  private final String task;

  private ForegroundTask(BerthClient client, String cluster, String task) {
    this.client = client;
    this.cluster = cluster;
    this.task = task;
  }

  /** A start that was accepted, or why it was not. */
  public sealed interface Start {
    /** The task is durable and will run. */
    record Accepted(ForegroundTask task) implements Start {}

    /** Nothing was started. */
    record Declined(String reason) implements Start {}
  }

  /** Registers a definition, starts one task of it, and deregisters the definition again. */
  public static Start start(BerthClient client, TaskRequest request) {
    String definition =
        client
            .ecs("RegisterTaskDefinition", definition(request))
            .path("taskDefinition")
            .path("taskDefinitionArn")
            .asText();
    JsonNode answer;
    try {
      answer = client.ecs("RunTask", run(client, request, definition));
    } finally {
      var deregistered = BerthClient.input().put("taskDefinition", definition);
      client.ecs("DeregisterTaskDefinition", deregistered);
    }
    JsonNode started = answer.path("tasks").path(0);
    if (started.isMissingNode()) {
      JsonNode failure = answer.path("failures").path(0);
      String reason = failure.path("reason").asText("no reason given");
      String detail = failure.path("detail").asText();
      return new Start.Declined(detail.isEmpty() ? reason : reason + ": " + detail);
    }
    return new Start.Accepted(
        new ForegroundTask(client, request.cluster(), started.path("taskArn").asText()));
  }

  private static ObjectNode definition(TaskRequest request) {
    ObjectNode input =
        BerthClient.input()
            .put("family", FAMILY_PREFIX + UUID.randomUUID())
            .put("networkMode", "awsvpc")
            .put("cpu", request.cpu())
            .put("memory", request.memory());
    input.putArray("requiresCompatibilities").add("FARGATE");
    ObjectNode container = input.putArray("containerDefinitions").addObject();
    container.put("name", request.name()).put("image", request.image()).put("essential", true);
    if (!request.command().isEmpty()) {
      ArrayNode command = container.putArray("command");
      request.command().forEach(command::add);
    }
    ArrayNode environment = container.putArray("environment");
    request
        .environment()
        .forEach((name, value) -> environment.addObject().put("name", name).put("value", value));
    return input;
  }

  private static ObjectNode run(BerthClient client, TaskRequest request, String definition) {
    ObjectNode input =
        BerthClient.input()
            .put("cluster", request.cluster())
            .put("taskDefinition", definition)
            .put("launchType", "FARGATE")
            .put("count", 1)
            .put("startedBy", STARTED_BY)
            .put("clientToken", UUID.randomUUID().toString());
    ObjectNode network = input.putObject("networkConfiguration").putObject("awsvpcConfiguration");
    ArrayNode subnets = network.putArray("subnets");
    (request.subnets().isEmpty() ? client.defaultSubnets() : request.subnets())
        .forEach(subnets::add);
    network.put("assignPublicIp", "ENABLED"); // So that it gets out of a public subnet.
    return input;
  }

  /** The task's ARN. */
  public String arn() {
    return task;
  }

  /** Asks the task to stop; its container gets SIGTERM, and after its stop timeout SIGKILL. */
  public void stop(String reason) {
    client.ecs(
        "StopTask",
        BerthClient.input().put("cluster", cluster).put("task", task).put("reason", reason));
  }

  /**
   * Prints the task's output until it ends.
   *
   * @param waiting told each status before RUNNING that a silent task is in, so that a person sees
   *     why nothing comes
   */
  public TaskEnd follow(PrintWriter out, PrintWriter err, Consumer<String> waiting)
      throws InterruptedException {
    var output = new TaskOutput(client, cluster, task, "");
    String shown = "RUNNING";
    Progress progress = Progress.LINES;
    while (progress != Progress.END) {
      progress = output.printNext(out, err, OUTPUT_WAIT_MILLIS);
      if (progress == Progress.SILENCE) {
        JsonNode now = describe();
        String status = now.path("lastStatus").asText();
        if (status.equals("STOPPED")) {
          output.printSoFar(out, err); // What came between the reading and its end.
          return end(now);
        }
        if (!status.equals(shown) && !status.equals("RUNNING")) {
          waiting.accept(status);
        }
        shown = status;
      }
    }
    return awaitEnd();
  }

  /** The output ends a little before the task does. */
  private TaskEnd awaitEnd() throws InterruptedException {
    int pauseMillis = END_PAUSE_MILLIS_FIRST;
    JsonNode now = describe();
    for (int waitedMillis = 0; waitedMillis < END_WAIT_MILLIS_MAX; waitedMillis += pauseMillis) {
      boolean stopped = now.path("lastStatus").asText().equals("STOPPED");
      if (stopped || now.path("containers").path(0).path("exitCode").isNumber()) {
        return end(now);
      }
      pauseMillis = Math.min(END_PAUSE_MILLIS_MAX, pauseMillis * 2);
      Thread.sleep(pauseMillis);
      now = describe();
    }
    return end(now);
  }

  private JsonNode describe() {
    ObjectNode input = BerthClient.input().put("cluster", cluster);
    input.putArray("tasks").add(task);
    return client.ecs("DescribeTasks", input).path("tasks").path(0);
  }

  private static TaskEnd end(JsonNode task) {
    JsonNode container = task.path("containers").path(0);
    String containerReason = container.path("reason").asText();
    if (container.path("exitCode").isNumber()) {
      return new Exited(container.path("exitCode").asInt(), containerReason);
    }
    String reason = task.path("stoppedReason").asText("it ended, and no reason is known");
    boolean saysMore = !containerReason.isEmpty() && !containerReason.equals(reason);
    return new NeverRan(saysMore ? reason + ": " + containerReason : reason);
  }
}
