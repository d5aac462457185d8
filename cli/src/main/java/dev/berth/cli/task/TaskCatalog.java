package dev.berth.cli.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.CallFailed.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The tasks of an account, page by page as AWS gives them out. */
public final class TaskCatalog {
  /** AWS describes no more at once. */
  private static final int DESCRIBE_COUNT_MAX = 100;

  /** At 100 entries a page; more than a person reads. */
  private static final int PAGE_COUNT_MAX = 1_000;

  private static final int PAUSE_MILLIS = 200;

  private final BerthClient client;

  /** The tasks of the account that the client calls as. */
  public TaskCatalog(BerthClient client) {
    this.client = client;
  }

  /** The ARNs of a cluster's tasks whose desired status that is. */
  public List<String> list(String cluster, String desiredStatus) {
    ObjectNode input =
        BerthClient.input().put("cluster", cluster).put("desiredStatus", desiredStatus);
    return pages("ListTasks", input, "taskArns");
  }

  /** Those of the tasks that are still known. */
  public List<JsonNode> describe(String cluster, List<String> tasks) {
    List<JsonNode> described = new ArrayList<>();
    for (int from = 0; from < tasks.size(); from += DESCRIBE_COUNT_MAX) {
      ObjectNode input = BerthClient.input().put("cluster", cluster);
      ArrayNode names = input.putArray("tasks");
      tasks.subList(from, Math.min(tasks.size(), from + DESCRIBE_COUNT_MAX)).forEach(names::add);
      client.ecs("DescribeTasks", input).path("tasks").forEach(described::add);
    }
    return described;
  }

  /** Asks one task to stop. */
  public void stop(String cluster, String task) {
    client.ecs("StopTask", BerthClient.input().put("cluster", cluster).put("task", task));
  }

  /** Asks every task of every cluster to stop, and says how many there were. */
  public int stopAll() {
    int count = 0;
    for (String cluster : clusters()) {
      for (String task : list(cluster, "RUNNING")) {
        stopUnlessGone(cluster, task);
        count++;
      }
    }
    return count;
  }

  /** Waits until no task of any cluster is alive, and says whether that came true. */
  public boolean awaitNone(Duration timeMax) throws InterruptedException {
    for (long waitedMillis = 0; waitedMillis < timeMax.toMillis(); waitedMillis += PAUSE_MILLIS) {
      if (clusters().stream().allMatch(this::isQuiet)) {
        return true;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return false;
  }

  /** A task that is stopping is wanted STOPPED already, so the wanted status does not tell. */
  private boolean isQuiet(String cluster) {
    return list(cluster, "RUNNING").isEmpty()
        && describe(cluster, list(cluster, "STOPPED")).stream()
            .allMatch(task -> task.path("lastStatus").asText().equals("STOPPED"));
  }

  private List<String> clusters() {
    return pages("ListClusters", BerthClient.input(), "clusterArns");
  }

  private void stopUnlessGone(String cluster, String task) {
    try {
      stop(cluster, task);
    } catch (Refused refused) {
      // It may have ended, and been forgotten, since it was listed.
      if (!refused.code().equals("InvalidParameterException")) {
        throw refused;
      }
    }
  }

  private List<String> pages(String operation, ObjectNode input, String member) {
    List<String> names = new ArrayList<>();
    for (int page = 0; page < PAGE_COUNT_MAX; page++) {
      JsonNode answer = client.ecs(operation, input);
      answer.path(member).forEach(name -> names.add(name.asText()));
      String next = answer.path("nextToken").asText();
      if (next.isEmpty()) {
        break;
      }
      input.put("nextToken", next);
    }
    return names;
  }
}
