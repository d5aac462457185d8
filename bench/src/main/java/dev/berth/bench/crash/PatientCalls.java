package dev.berth.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.CallFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Calls that are made again while the server is away, as a careful user's would be: what was not
 * answered may have happened, so a RunTask is repeated with the same client token.
 */
public final class PatientCalls {
  private static final long AWAY_SECONDS_MAX = 120;
  private static final long PAUSE_MILLIS = 50;

  private final BerthClient client;
  private final List<String> subnets = new ArrayList<>();
  private final AtomicLong repeatCount = new AtomicLong();

  public PatientCalls(RunningBerth berth) {
    this.client = berth.client(); // The endpoint and the key outlive every kill.
  }

  /** How many calls broke off and were made again. */
  long repeatCount() {
    return repeatCount.get();
  }

  /** Runs a busybox script; the same token gives the same task. */
  public String run(String definition, String script, String token) {
    ObjectNode input =
        BerthClient.input()
            .put("taskDefinition", definition)
            .put("launchType", "FARGATE")
            .put("clientToken", token);
    var subnets =
        input
            .putObject("networkConfiguration")
            .putObject("awsvpcConfiguration")
            .putArray("subnets");
    subnets().forEach(subnets::add);
    ObjectNode container =
        input.putObject("overrides").putArray("containerOverrides").addObject().put("name", "main");
    container.putArray("command").add("sh").add("-c").add(script);
    JsonNode answer = repeated(() -> client.ecs("RunTask", input));
    if (answer.path("tasks").isEmpty()) {
      throw new IllegalStateException("RunTask gave no task: " + answer);
    }
    return answer.path("tasks").path(0).path("taskArn").asText();
  }

  private synchronized List<String> subnets() {
    if (subnets.isEmpty()) {
      subnets.addAll(repeated(client::defaultSubnets));
    }
    return subnets;
  }

  /** Registers a definition with one container. */
  public String register(String family, int stopTimeoutSeconds) {
    ObjectNode input =
        BerthClient.input()
            .put("family", family)
            .put("networkMode", "awsvpc")
            .put("cpu", "256")
            .put("memory", "512");
    input.putArray("requiresCompatibilities").add("FARGATE");
    input
        .putArray("containerDefinitions")
        .addObject()
        .put("name", "main")
        .put("image", RunningBerth.BUSYBOX)
        .put("essential", true)
        .put("stopTimeout", stopTimeoutSeconds);
    return repeated(() -> client.ecs("RegisterTaskDefinition", input))
        .path("taskDefinition")
        .path("taskDefinitionArn")
        .asText();
  }

  /** Asks for a task's end. */
  public void stop(String arn, String reason) {
    var input = BerthClient.input().put("task", arn).put("reason", reason);
    repeated(() -> client.ecs("StopTask", input));
  }

  /** The task as DescribeTasks shows it; a missing node when there is no such task. */
  public JsonNode describe(String arn) {
    ObjectNode input = BerthClient.input();
    input.putArray("tasks").add(arn);
    return repeated(() -> client.ecs("DescribeTasks", input)).path("tasks").path(0);
  }

  /** The task once it has that status or a later one; a missing node when that took too long. */
  public JsonNode await(String arn, String status) throws InterruptedException {
    List<String> later =
        status.equals("RUNNING")
            ? List.of("RUNNING", "STOPPING", "DEPROVISIONING", "STOPPED")
            : List.of(status);
    long deadline = System.nanoTime() + AWAY_SECONDS_MAX * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      JsonNode task = describe(arn);
      if (task.isMissingNode() || later.contains(task.path("lastStatus").asText())) {
        return task;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return BerthClient.input().path("missing");
  }

  /** All ARNs of tasks with that desired status. */
  List<String> list(String desiredStatus) {
    var found = new ArrayList<String>();
    String next = "";
    do {
      ObjectNode input = BerthClient.input().put("desiredStatus", desiredStatus);
      if (!next.isEmpty()) {
        input.put("nextToken", next);
      }
      JsonNode page = repeated(() -> client.ecs("ListTasks", input));
      page.path("taskArns").forEach(arn -> found.add(arn.asText()));
      next = page.path("nextToken").asText("");
    } while (!next.isEmpty());
    return found;
  }

  /** All that the container main has written so far, line by line. */
  public List<String> output(String arn) {
    var lines = new ArrayList<String>();
    long offset = 0;
    while (true) {
      ObjectNode input =
          BerthClient.input().put("task", arn).put("container", "main").put("offset", offset);
      JsonNode page = repeated(() -> client.operator("ReadTaskOutput", input));
      page.path("lines").forEach(line -> lines.add(line.path("text").asText()));
      offset = page.path("nextOffset").asLong();
      if (page.path("lines").isEmpty()) {
        return lines;
      }
    }
  }

  private <T> T repeated(Supplier<T> call) {
    long deadline = System.nanoTime() + AWAY_SECONDS_MAX * 1_000_000_000L;
    while (true) {
      try {
        return call.get();
      } catch (CallFailed failure) {
        boolean passes =
            switch (failure) {
              case CallFailed.NotRunning _, CallFailed.Broken _ -> true;
              // Just started again: the host has not connected yet.
              case CallFailed.Refused refused -> refused.code().equals("ServerException");
              case CallFailed.NoEndpoint _ -> false;
            };
        if (!passes || System.nanoTime() > deadline) {
          throw failure;
        }
      }
      repeatCount.incrementAndGet();
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server was away", e);
    }
  }
}
