package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.Berth;
import dev.berth.cli.endpoint.CallFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Task definitions as files, registered by the aws command and checked by Berth's own.
 *
 * <p>Beside each that cannot be registered is which error says so, of which member, in which words;
 * beside each other, what is shown of it.
 */
final class TaskDefinitionsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path FILES = Path.of("src/test/resources/task-definitions");
  private static final String EXPECTED = ".expected.json";

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static String network = "";

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    berth = RunningBerth.start(folder.resolve("data"));
    aws = new Aws(berth.endpoint());
    network = "awsvpcConfiguration={subnets=[" + berth.client().defaultSubnets().getFirst() + "]}";
    aws.ecs(
        "register-task-definition",
        "--cli-input-json",
        input(FILES.resolve("valid/smallest.json")));
    aws.ecs(
        "register-task-definition",
        "--family",
        "for-ec2",
        "--container-definitions",
        "[{\"name\": \"app\", \"image\": \"berth/welcome\", \"memory\": 64}]");
  }

  @AfterAll
  static void close() throws Exception {
    berth.close();
  }

  static Stream<String> invalid() throws IOException {
    return names("invalid");
  }

  static Stream<String> valid() throws IOException {
    return names("valid");
  }

  private static Stream<String> names(String kind) throws IOException {
    try (Stream<Path> files = Files.list(FILES.resolve(kind))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(EXPECTED))
          .map(name -> name.substring(0, name.length() - EXPECTED.length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @Test
  void theFilesAreMany() throws Exception {
    assertThat(invalid().count() + valid().count()).isGreaterThanOrEqualTo(60);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void oneThatIsInvalidIsRefusedInTheWordsBesideIt(String name) throws Exception {
    Path file = FILES.resolve("invalid/" + name + ".json");
    JsonNode expected = expected("invalid/" + name);

    String refusal = refusal(file);

    assertThat(refusal)
        .contains("(" + expected.path("code").asText() + ")")
        .endsWith(expected.path("message").asText());
    Checked checked = check(file);
    assertThat(checked.exitCode()).isEqualTo(1);
    assertThat(checked.out().lines())
        .anyMatch(
            line ->
                line.startsWith(expected.path("path").asText() + "  ")
                    && line.endsWith("  " + expected.path("message").asText()));
  }

  private static String refusal(Path file) throws Exception {
    JsonNode definition = JSON.readTree(file.toFile());
    if (!definition.at("/containerDefinitions/0").has("restartPolicy")) {
      return aws.refusal("ecs", "register-task-definition", "--cli-input-json", input(file));
    }
    // The distribution's aws command is older than this member.
    try {
      JsonNode taken = berth.client().ecs("RegisterTaskDefinition", (ObjectNode) definition);
      throw new AssertionError("was registered: " + taken);
    } catch (CallFailed.Refused refused) {
      return "(" + refused.code() + ") " + refused.getMessage();
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void oneThatIsValidIsShownAsItIsBesideIt(String name) throws Exception {
    Path file = FILES.resolve("valid/" + name + ".json");

    JsonNode shown =
        aws.ecs("register-task-definition", "--cli-input-json", input(file)).path("taskDefinition");

    for (var member : expected("valid/" + name).properties()) {
      assertThat(shown.at(member.getKey())).as(member.getKey()).isEqualTo(member.getValue());
    }
    assertThat(check(file).out())
        .matches(out -> out.endsWith(": nothing is wrong\n") || out.startsWith("Accepted when"));
  }

  @Test
  void whatIsShownOfADefinitionCanBeRegisteredAgain() throws Exception {
    JsonNode shown =
        aws.ecs("describe-task-definition", "--task-definition", "corpus:1").path("taskDefinition");
    ObjectNode again = shown.deepCopy();
    again.remove(
        List.of(
            "taskDefinitionArn",
            "revision",
            "status",
            "requiresAttributes",
            "compatibilities",
            "registeredAt",
            "registeredBy"));
    Path file = Files.writeString(folder.resolve("again.json"), again.toString());

    ObjectNode once =
        aws.ecs("register-task-definition", "--cli-input-json", input(file))
            .path("taskDefinition")
            .deepCopy();

    once.setAll(
        Map.of(
            "taskDefinitionArn", shown.path("taskDefinitionArn"),
            "revision", shown.path("revision"),
            "registeredAt", shown.path("registeredAt")));
    assertThat((JsonNode) once).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          corpus  | awsvpcConfiguration={subnets=[]} | | InvalidParameterException | subnets can not be empty.
          corpus  | awsvpcConfiguration={subnets=[a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q]} | | InvalidParameterException | subnets can have at most 16 items.
          corpus  | awsvpcConfiguration={subnets=[a],securityGroups=[a,b,c,d,e,f]} | | InvalidParameterException | securityGroups can have at most 5 items.
          corpus  | | | InvalidParameterException | Network Configuration must be provided when networkMode 'awsvpc' is specified.
          for-ec2 | default | | InvalidParameterException | Task definition does not support launch_type FARGATE.
          nobody  | default | | ClientException | TaskDefinition not found.
          corpus  | default | --platform-version=9.9.9 | PlatformUnknownException | The specified platform version doesn't exist.
          corpus  | default | --placement-constraints=type=distinctInstance | InvalidParameterException | Placement constraints are not supported with FARGATE launch type.
          corpus  | default | --count=11 | InvalidParameterException | count must be between 1 and 10.
          corpus  | default | --overrides={"containerOverrides":[{"name":"db"}]} | InvalidParameterException | Override for container named db is not a container in the TaskDefinition.
          corpus  | default | --overrides={"memory":"513"} | InvalidParameterException | No Fargate configuration exists for given values: 256 CPU, 513 memory. See the Amazon ECS documentation for the valid values.
          corpus  | default | --overrides={"ephemeralStorage":{"sizeInGiB":300}} | InvalidParameterException | EphemeralStorage size should be at most 200
          corpus  | default | --overrides={"containerOverrides":[{"name":"app","memory":513}]} | InvalidParameterException | The 'memory' setting for container 'app' is greater than for the task.
          """)
  void aStartThatCannotBeIsRefused(
      String definition, String asked, String option, String code, String message)
      throws Exception {
    var call = new ArrayList<>(List.of("run-task", "--launch-type", "FARGATE"));
    call.addAll(
        List.of("--task-definition", definition.equals("corpus") ? "corpus:1" : definition));
    if (asked != null) {
      call.addAll(List.of("--network-configuration", asked.equals("default") ? network : asked));
    }
    if (option != null) {
      call.addAll(List.of(option.split("=", 2)));
    }

    String refusal = aws.refusal("ecs", call.toArray(String[]::new));

    assertThat(refusal).contains("(" + code + ")").endsWith(message);
  }

  @Test
  void anOlderPlatformHasNotAllThatADefinitionMayAskFor() throws Exception {
    aws.ecs(
        "register-task-definition",
        "--cli-input-json",
        input(FILES.resolve("valid/storage-of-200.json")),
        "--family",
        "stored");

    assertThat(
            aws.refusal(
                "ecs",
                "run-task",
                "--task-definition",
                "stored",
                "--platform-version",
                "1.3.0",
                "--network-configuration",
                network))
        .contains("(PlatformTaskDefinitionIncompatibilityException)")
        .endsWith("One or more of the requested capabilities are not supported.");
  }

  private static JsonNode expected(String name) throws IOException {
    return JSON.readTree(FILES.resolve(name + EXPECTED).toFile());
  }

  private static String input(Path file) {
    return "file://" + file.toAbsolutePath();
  }

  private record Checked(int exitCode, String out) {}

  private static Checked check(Path file) throws IOException {
    var out = new StringWriter();
    int exitCode =
        Berth.commandLine(
                Map.of("BERTH_DATA", folder.resolve("data").toString()), InstantSource.system())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute("taskdef", "check", file.toString());
    return new Checked(exitCode, out.toString());
  }
}
