package dev.berth.api.berth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.gateway.ApiException;
import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.ClusterCommands;
import dev.berth.control.command.Refused;
import dev.berth.control.command.TaskCommands;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.hosts.OutputPage;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.State;
import dev.berth.logs.LogStore;
import dev.berth.model.cluster.ClusterId;
import dev.berth.model.host.HostId;
import dev.berth.model.identity.Arn;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Reads a container's output from the task's host, or from its log stream where it has one, waiting
 * a while for what is not there yet.
 */
final class TaskOutputReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE_BYTES_MAX = 256 * 1024;
  private static final long WAIT_MILLIS_MAX = 20_000;

  /** Between two questions to a host about a container that is silent. */
  private static final long PAUSE_MILLIS = 20;

  private final Ledger ledger;
  private final HostDirectory hosts;
  private final StoredOutput stored;

  TaskOutputReader(Ledger ledger, HostDirectory hosts, LogStore logs) {
    this.ledger = ledger;
    this.hosts = hosts;
    this.stored = new StoredOutput(logs);
  }

  JsonNode read(CallContext context, JsonNode request) {
    long offset = Math.max(0, request.path("offset").asLong(0));
    long waitMillis = Math.clamp(request.path("waitMillis").asLong(0), 0, WAIT_MILLIS_MAX);
    long deadline = System.nanoTime() + waitMillis * 1_000_000;
    while (true) {
      Task task = task(ledger.state(), context, request);
      ContainerSpec container = container(task, request);
      OutputPage output = ask(task, container, offset);
      if (!output.lines().isEmpty() || output.end() || System.nanoTime() >= deadline) {
        return answer(container, output);
      }
      pause();
    }
  }

  /** The task that a request names in its own account and region. */
  static Task task(State state, CallContext context, JsonNode request) {
    String reference = request.path("task").asText("");
    try {
      ClusterId cluster =
          ClusterCommands.named(context.realm(), Optional.of(cluster(request, reference)));
      return TaskCommands.find(state, cluster, reference)
          .orElseThrow(
              () ->
                  new ApiException(
                      "InvalidParameterException",
                      "task: no task '" + reference + "' in cluster " + cluster.name() + "."));
    } catch (Refused refused) {
      throw new ApiException("InvalidParameterException", String.valueOf(refused.getMessage()));
    }
  }

  /** A task's ARN names its cluster; else the request does, or means the default one. */
  private static String cluster(JsonNode request, String reference) {
    String[] parts = Arn.parse(reference).map(Arn::resource).orElse("").split("/", -1);
    return parts.length == 3 ? parts[1] : request.path("cluster").asText(ClusterId.DEFAULT_NAME);
  }

  private static ContainerSpec container(Task task, JsonNode request) {
    String name = request.path("container").asText("");
    if (name.isEmpty()) {
      return task.spec().containers().stream()
          .filter(ContainerSpec::essential)
          .findFirst()
          .orElse(task.spec().containers().getFirst());
    }
    return task.spec().containers().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    "InvalidParameterException",
                    "container: the task has no container '" + name + "'."));
  }

  private OutputPage ask(Task task, ContainerSpec container, long offset) {
    if (container.log().isPresent()) {
      return stored.page(task, container.name(), container.log().get(), offset);
    }
    Optional<HostId> host = task.placedOn().map(Task.PlacedOn::host);
    if (host.isEmpty()) {
      return new OutputPage(List.of(), offset, task.state().isStopped());
    }
    try {
      return hosts
          .readOutput(host.get(), task.id(), container.name(), offset, PAGE_BYTES_MAX)
          .get();
    } catch (ExecutionException _) {
      throw new ApiException(
          "ServerException", 500, "The task's host does not answer now; its output is kept there.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException("ServerException", 500, "The server is ending.");
    }
  }

  private static JsonNode answer(ContainerSpec container, OutputPage output) {
    ObjectNode answer = JSON.createObjectNode().put("container", container.name());
    var lines = answer.putArray("lines");
    output
        .lines()
        .forEach(
            line ->
                lines
                    .addObject()
                    .put("at", line.at().toString())
                    .put("stream", line.stream())
                    .put("text", line.text())
                    .put("partial", line.partial()));
    return answer.put("nextOffset", output.nextOffset()).put("end", output.end());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException("ServerException", 500, "The server is ending.");
    }
  }
}
