package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Valid task definitions, each registered and run by the aws command, and each run to the end that
 * its tags declare: {@code stopCode}, and the exit code of each container that has one. Most of
 * them look from inside whether they have what they declare, and say so by their exit code.
 */
final class CorpusTest {
  private static final Path FOLDER = Path.of("src/test/resources/task-definitions/run");
  private static final String EXIT = "exit:";
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static String network = "";

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "16384", "--host-memory", "32768");
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    network = "awsvpcConfiguration={subnets=[" + berth.client().defaultSubnets().getFirst() + "]}";
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  static List<String> definitions() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Execution(ExecutionMode.CONCURRENT) // As many at once as junit-platform.properties says.
  @ParameterizedTest
  @MethodSource("definitions")
  void aDefinitionRunsToTheEndThatItDeclares(String file) throws Exception {
    JsonNode definition = JSON.readTree(FOLDER.resolve(file).toFile());
    register(FOLDER.resolve(file), definition);
    JsonNode accepted =
        aws.ecs(
            "run-task",
            "--task-definition",
            definition.path("family").asText(),
            "--launch-type",
            "FARGATE",
            "--network-configuration",
            network);
    assertThat(accepted.path("failures")).isEmpty();
    var calls = new PatientCalls(berth);
    String arn = accepted.at("/tasks/0/taskArn").asText();

    JsonNode task = calls.await(arn, "STOPPED");

    var saying = "%s, which wrote %s".formatted(task, calls.output(arn));
    assertThat(task.path("stopCode").asText()).as(saying).isEqualTo(tag(definition, "stopCode"));
    assertThat(exitCodes(task)).as(saying).isEqualTo(declaredExits(definition));
  }

  private static void register(Path file, JsonNode definition) throws Exception {
    if (definition.at("/containerDefinitions/0").has("restartPolicy")) {
      // The distribution's aws command is older than this member.
      JsonNode _ = berth.client().ecs("RegisterTaskDefinition", (ObjectNode) definition);
    } else {
      aws.ecs("register-task-definition", "--cli-input-json", "file://" + file.toAbsolutePath());
    }
  }

  private static String tag(JsonNode definition, String key) {
    for (JsonNode tag : definition.path("tags")) {
      if (tag.path("key").asText().equals(key)) {
        return tag.path("value").asText();
      }
    }
    throw new AssertionError("no tag " + key);
  }

  private static Map<String, Integer> declaredExits(JsonNode definition) {
    var exits = new TreeMap<String, Integer>();
    for (JsonNode tag : definition.path("tags")) {
      String key = tag.path("key").asText();
      if (key.startsWith(EXIT)) {
        exits.put(key.substring(EXIT.length()), Integer.valueOf(tag.path("value").asText()));
      }
    }
    return exits;
  }

  private static Map<String, Integer> exitCodes(JsonNode task) {
    var exits = new TreeMap<String, Integer>();
    for (JsonNode container : task.path("containers")) {
      if (container.has("exitCode")) {
        exits.put(container.path("name").asText(), container.path("exitCode").asInt());
      }
    }
    return exits;
  }
}
