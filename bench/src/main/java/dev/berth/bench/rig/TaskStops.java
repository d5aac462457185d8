package dev.berth.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.cli.endpoint.BerthClient;
import java.util.ArrayList;
import java.util.List;

/** Ends all tasks of the default cluster through the API. */
final class TaskStops {
  private static final long STOP_SECONDS_MAX = 60;
  private static final long POLL_MILLIS = 100;

  private final BerthClient client;

  TaskStops(BerthClient client) {
    this.client = client;
  }

  /**
   * Returns when none is listed as to be run, and each has stopped; false when that took too long.
   */
  boolean stopAll() throws InterruptedException {
    List<String> asked = new ArrayList<>();
    for (String arn : running()) {
      asked.add(arn);
      client.ecs("StopTask", BerthClient.input().put("task", arn));
    }
    long deadline = System.nanoTime() + STOP_SECONDS_MAX * 1_000_000_000L;
    while (!asked.stream().allMatch(this::isStopped)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  private List<String> running() {
    var found = new ArrayList<String>();
    String next = "";
    do {
      var input = BerthClient.input();
      if (!next.isEmpty()) {
        input.put("nextToken", next);
      }
      JsonNode page = client.ecs("ListTasks", input);
      page.path("taskArns").forEach(arn -> found.add(arn.asText()));
      next = page.path("nextToken").asText("");
    } while (!next.isEmpty());
    return found;
  }

  private boolean isStopped(String arn) {
    var input = BerthClient.input();
    input.putArray("tasks").add(arn);
    String status =
        client.ecs("DescribeTasks", input).path("tasks").path(0).path("lastStatus").asText();
    return status.equals("STOPPED");
  }
}
