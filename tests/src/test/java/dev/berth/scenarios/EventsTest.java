package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.Berth;
import dev.berth.cli.endpoint.BerthClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code berth events} prints while a real task goes its way. */
@Tag("slow")
class EventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LOOK_COUNT_MAX = 600;
  private static final long LOOK_PAUSE_MILLIS = 50;

  @TempDir Path data;

  @Test
  void everyChangeOfATaskIsAnEventInOrder() throws Exception {
    try (var berth = RunningBerth.start(data)) {
      berth.loadBusybox();
      BerthClient client = berth.client();
      register(client);
      ObjectNode wish = RunningBerth.runTask("told", client.defaultSubnets());
      String task = client.ecs("RunTask", wish).path("tasks").path(0).path("taskArn").asText();

      List<JsonNode> events = awaitEnd(task);

      var statuses = new ArrayList<String>();
      long version = 0;
      for (JsonNode event : events) {
        JsonNode detail = event.path("detail");
        assertThat(event.path("detail-type").asText()).isEqualTo("ECS Task State Change");
        assertThat(event.path("source").asText()).isEqualTo("aws.ecs");
        assertThat(event.at("/resources/0").asText()).isEqualTo(task);
        assertThat(detail.path("version").asLong()).isGreaterThan(version);
        version = detail.path("version").asLong();
        assertThat(Instant.parse(detail.path("updatedAt").asText()))
            .isAfterOrEqualTo(Instant.parse(detail.path("createdAt").asText()));
        String status = detail.path("lastStatus").asText();
        if (statuses.isEmpty() || !statuses.getLast().equals(status)) {
          statuses.add(status);
        }
      }
      assertThat(statuses).startsWith("PENDING").containsSubsequence("RUNNING", "STOPPED");
      JsonNode last = events.getLast().path("detail");
      assertThat(last.path("stopCode").asText()).isEqualTo("EssentialContainerExited");
      assertThat(last.at("/containers/0/exitCode").asInt()).isEqualTo(3);
      assertThat(events.stream().map(event -> event.path("id").asText())).doesNotHaveDuplicates();
    }
  }

  private static void register(BerthClient client) {
    ObjectNode definition = BerthClient.input();
    definition.put("family", "told").put("networkMode", "awsvpc").put("cpu", "256");
    definition.put("memory", "512").putArray("requiresCompatibilities").add("FARGATE");
    var container = definition.putArray("containerDefinitions").addObject();
    container.put("name", "main").put("image", RunningBerth.BUSYBOX);
    container.putArray("command").add("sh").add("-c").add("sleep 1; exit 3");
    client.ecs("RegisterTaskDefinition", definition);
  }

  /** The events of a task, once the last of them says that it has stopped. */
  private List<JsonNode> awaitEnd(String task) throws Exception {
    List<JsonNode> events = List.of();
    for (int look = 0; look < LOOK_COUNT_MAX; look++) {
      events =
          printed().stream().filter(it -> it.at("/resources/0").asText().equals(task)).toList();
      if (!events.isEmpty()
          && events.getLast().at("/detail/lastStatus").asText().equals("STOPPED")) {
        return events;
      }
      Thread.sleep(LOOK_PAUSE_MILLIS);
    }
    throw new AssertionError("the task did not stop: " + events);
  }

  private List<JsonNode> printed() throws Exception {
    var out = new StringWriter();
    int exitCode =
        Berth.commandLine(Map.of(), InstantSource.system())
            .setOut(new PrintWriter(out, true))
            .execute("events", "--data", data.toString());
    assertThat(exitCode).isZero();
    var events = new ArrayList<JsonNode>();
    for (String line : out.toString().lines().toList()) {
      events.add(JSON.readTree(line));
    }
    return events;
  }
}
