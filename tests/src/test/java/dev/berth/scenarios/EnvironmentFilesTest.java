package dev.berth.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Environment files of a server that speaks S3, read into the variables of real containers. */
@Tag("slow")
final class EnvironmentFilesTest {
  /** Found nowhere by chance. */
  private static final String MARK = "unmistakable-e2f7";

  @TempDir private static Path folder = Path.of("");
  private static BucketServer buckets;
  private static RunningBerth berth;
  private static Aws aws;
  private static String network = "";

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    buckets = new BucketServer();
    berth =
        RunningBerth.start(
            folder.resolve("data"),
            Map.of(
                "BERTH_S3_ACCESS_KEY_ID", BucketServer.CREDENTIALS.accessKeyId(),
                "BERTH_S3_SECRET_ACCESS_KEY", BucketServer.CREDENTIALS.secretAccessKey()),
            "--host-cpu",
            "8192",
            "--host-memory",
            "16384",
            "--s3-endpoint",
            buckets.endpoint());
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    network = "awsvpcConfiguration={subnets=[" + berth.client().defaultSubnets().getFirst() + "]}";
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    try {
      LastLook.at(berth);
    } finally {
      buckets.close();
    }
  }

  @Test
  void aContainerHasWhatItsFilesSayAndWhatIsDeclaredIsStronger() throws Exception {
    buckets.put(
        "conf/first.env", "# words\nA=first\nB=first\nQUOTED=\"" + MARK + " $A\"\nEMPTY=\n");
    buckets.put("conf/a folder/zweite+ä.env", "B=second\nC=second\nD=second\n");
    register(
        "filed",
        "\"environment\": [{\"name\": \"C\", \"value\": \"declared\"}],",
        "echo A=$A; echo B=$B; echo C=$C; echo D=$D; echo QUOTED=$QUOTED; echo EMPTY=$EMPTY.",
        "conf/first.env",
        "conf/a folder/zweite+ä.env");

    String task = run("filed");
    JsonNode ended = new PatientCalls(berth).await(task, "STOPPED");

    assertThat(ended.at("/containers/0/exitCode").asInt()).isZero();
    assertThat(new PatientCalls(berth).output(task))
        .containsExactly(
            "A=first",
            "B=first",
            "C=declared",
            "D=second",
            "QUOTED=\"" + MARK + " $A\"",
            "EMPTY=.");
    assertThat(aws.ecs("describe-tasks", "--tasks", task).toString()).doesNotContain(MARK);
    assertThat(filesWithTheMark(folder.resolve("data/state"))).isEmpty();
    assertThat(filesWithTheMark(folder.resolve("data/agent/tasks"))).isEmpty();
    assertThat(filesWithTheMark(folder.resolve("data/agent/ended"))).isEmpty();
  }

  @Test
  void filesOfAnOverrideTakeThePlaceOfTheDeclaredOnes() throws Exception {
    buckets.put("conf/declared.env", "A=declared\nB=declared\n");
    buckets.put("conf/override.env", "A=override\n");
    register("replaced", "", "echo A=$A B=$B", "conf/declared.env");

    String task =
        run(
            "replaced",
            "--overrides",
            "{\"containerOverrides\": [{\"name\": \"main\", \"environmentFiles\": [{\"type\":"
                + " \"s3\", \"value\": \"arn:aws:s3:::conf/override.env\"}]}]}");
    new PatientCalls(berth).await(task, "STOPPED");

    assertThat(new PatientCalls(berth).output(task)).containsExactly("A=override B=");
  }

  @Test
  void aFileThatCannotBeHadStopsTheTaskAndIsNamed() throws Exception {
    buckets.put("conf/wrong.env", "A=1\nexport B=" + MARK + "\n");
    buckets.put("conf/long.env", "A=" + "x".repeat(300 << 10));
    String failed = "ResourceInitializationError: failed to download env files: arn:aws:s3:::conf/";

    assertThat(reasonOf("conf/missing.env"))
        .isEqualTo(
            failed
                + "missing.env: operation error S3: GetObject, https response error StatusCode:"
                + " 404, api error NoSuchKey: The specified key does not exist.");
    assertThat(reasonOf("conf/wrong.env"))
        .isEqualTo(failed + "wrong.env: the variable of line 2 has white space in its name");
    assertThat(reasonOf("conf/long.env")).startsWith(failed + "long.env: ").contains("longer than");
  }

  @Test
  void aServerThatIsBusyForAWhileIsAskedAgain() throws Exception {
    buckets.put("conf/busy.env", "A=at last\n");
    register("busy", "", "echo $A", "conf/busy.env");
    buckets.refuseNext(2);

    String task = run("busy");
    new PatientCalls(berth).await(task, "STOPPED");

    assertThat(new PatientCalls(berth).output(task)).containsExactly("at last");
  }

  private static String reasonOf(String file) throws Exception {
    register("failing", "", "true", file);
    JsonNode task = new PatientCalls(berth).await(run("failing"), "STOPPED");
    assertThat(task.path("stopCode").asText()).isEqualTo("TaskFailedToStart");
    assertThat(task.at("/containers/0").has("exitCode")).isFalse();
    return task.path("stoppedReason").asText();
  }

  private static void register(String family, String members, String command, String... files)
      throws Exception {
    Path file = folder.resolve(family + ".json");
    String list =
        Stream.of(files)
            .map(it -> "{\"type\": \"s3\", \"value\": \"arn:aws:s3:::" + it + "\"}")
            .collect(Collectors.joining(","));
    Files.writeString(
        file,
        """
        {"family": "%s", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
         "cpu": "256", "memory": "512", "executionRoleArn": "arn:aws:iam::123456789012:role/e",
         "containerDefinitions": [{"name": "main", "image": "%s", "essential": true, %s
           "environmentFiles": [%s], "command": ["sh", "-c", "%s"]}]}
        """
            .formatted(family, RunningBerth.BUSYBOX, members, list, command));
    aws.ecs("register-task-definition", "--cli-input-json", "file://" + file);
  }

  private static String run(String family, String... more) throws Exception {
    var words =
        new ArrayList<>(
            List.of("run-task", "--task-definition", family, "--launch-type", "FARGATE"));
    words.addAll(List.of("--network-configuration", network));
    words.addAll(List.of(more));
    return aws.ecs(words.toArray(String[]::new)).at("/tasks/0/taskArn").asText();
  }

  private static List<Path> filesWithTheMark(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).filter(EnvironmentFilesTest::hasTheMark).toList();
    }
  }

  private static boolean hasTheMark(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8).contains(MARK);
    } catch (IOException gone) {
      return false;
    }
  }
}
