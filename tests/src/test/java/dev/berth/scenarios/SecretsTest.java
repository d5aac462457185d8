package dev.berth.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Secrets made by the aws command, given to real containers, and seen nowhere else. */
final class SecretsTest {

  /** Found nowhere by chance. */
  private static final String MARK = "unmistakable-8d1f";

  /** Larger files are tasks' disks, and hold what the tasks themselves write. */
  private static final long FILE_BYTES_MAX = 64 << 20;

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static String network = "";

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "8192", "--host-memory", "16384");
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    network = "awsvpcConfiguration={subnets=[" + berth.client().defaultSubnets().getFirst() + "]}";
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  @Test
  void everyKindOfReferenceReachesItsVariableAndTheValueIsSeenNowhereElse() throws Exception {
    JsonNode plain =
        secret("create-secret", "--name", "web/plain", "--secret-string", MARK + "-old");
    String arn = plain.path("ARN").asText();
    String oldVersion = plain.path("VersionId").asText();
    secret("put-secret-value", "--secret-id", "web/plain", "--secret-string", MARK + "-new");
    String json =
        secret(
                "create-secret",
                "--name",
                "web/json",
                "--secret-string",
                "{\"user\": \"" + MARK + "-user\", \"port\": 5432}")
            .path("ARN")
            .asText();
    parameter("/web/word", "String", MARK + "-word");
    parameter("/web/secure", "SecureString", MARK + "-secure");
    String parameterArn =
        "arn:aws:ssm:" + berth.endpoint().region() + ":123456789012:parameter/web/secure";
    register(
        "secretive",
        """
        {"name": "NEW", "valueFrom": "%1$s"},
        {"name": "NEW_WITHOUT_END", "valueFrom": "%2$s"},
        {"name": "OLD_BY_STAGE", "valueFrom": "%1$s::AWSPREVIOUS:"},
        {"name": "OLD_BY_VERSION", "valueFrom": "%1$s:::%3$s"},
        {"name": "JSON_USER", "valueFrom": "%4$s:user::"},
        {"name": "JSON_PORT", "valueFrom": "%4$s:port::"},
        {"name": "WORD", "valueFrom": "/web/word"},
        {"name": "SECURE", "valueFrom": "%5$s"}
        """
            .formatted(arn, arn.substring(0, arn.length() - 7), oldVersion, json, parameterArn),
        // The container tells what it got without saying it.
        "for v in NEW NEW_WITHOUT_END OLD_BY_STAGE OLD_BY_VERSION JSON_USER JSON_PORT WORD SECURE;"
            + " do eval printf %s \\\"\\$$v\\\" | sha256sum | cut -c1-64; done; sleep 600");
    String task = run("secretive");
    aws.ecs("wait", "tasks-running", "--tasks", task);

    assertThat(awaitOutput(task, 8))
        .containsExactly(
            hash(MARK + "-new"),
            hash(MARK + "-new"),
            hash(MARK + "-old"),
            hash(MARK + "-old"),
            hash(MARK + "-user"),
            hash("5432"),
            hash(MARK + "-word"),
            hash(MARK + "-secure"));

    assertThat(aws.ecs("describe-tasks", "--tasks", task).toString()).doesNotContain(MARK);
    assertThat(aws.ecs("describe-task-definition", "--task-definition", "secretive").toString())
        .doesNotContain(MARK);
    assertThat(filesWithTheMark(folder.resolve("data"))).isEmpty();
    assertThat(commandLinesWithTheMark()).isEmpty();
    List<Path> held = filesWithTheMark(berth.host().memory());
    assertThat(held).isNotEmpty();
    for (Path file : held) {
      assertThat(isForRootAlone(file)).as("%s is for root alone", file).isTrue();
      assertThat(Files.getFileStore(file).type()).as(file.toString()).isEqualTo("tmpfs");
    }
    assertThat(Files.getPosixFilePermissions(folder.resolve("data/vault-key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    register("curious", "", "cat /proc/*/environ /proc/*/cmdline 2>/dev/null; echo; echo looked");
    String other = run("curious");
    new PatientCalls(berth).await(other, "STOPPED");
    assertThat(new PatientCalls(berth).output(other))
        .contains("looked")
        .noneMatch(line -> line.contains(MARK));

    aws.ecs("stop-task", "--task", task);
    new PatientCalls(berth).await(task, "STOPPED");
    assertThat(filesWithTheMark(berth.host().memory())).isEmpty();
    assertThat(filesWithTheMark(folder.resolve("data"))).isEmpty();
  }

  @Test
  void whatIsMissingStopsTheTaskAndIsNamed() throws Exception {
    String nowhere =
        "arn:aws:secretsmanager:"
            + berth.endpoint().region()
            + ":123456789012:secret:nowhere-AbCdEf";
    secret("create-secret", "--name", "half", "--secret-string", "{\"a\": 1}");

    assertThat(reasonOf("no-secret", nowhere))
        .startsWith(
            "ResourceInitializationError: unable to pull secrets or registry auth: execution"
                + " resource retrieval failed: unable to retrieve secret from asm: ")
        .contains(nowhere, "Secrets Manager can't find the specified secret.");
    assertThat(reasonOf("no-parameter", "/nowhere/at/all"))
        .startsWith("ResourceInitializationError: unable to pull secrets or registry auth: ")
        .endsWith("unable to retrieve secrets from ssm: invalid parameters: /nowhere/at/all");
    assertThat(
            reasonOf(
                "no-member",
                secret("describe-secret", "--secret-id", "half").path("ARN").asText() + ":b::"))
        .contains("retrieved secret from Secrets Manager did not contain json key b");
  }

  @Test
  void secretsOutliveTheServer() throws Exception {
    secret("create-secret", "--name", "kept", "--secret-string", MARK + "-kept");
    berth.kill();
    berth.startAgain();
    berth.awaitReady();

    assertThat(secret("get-secret-value", "--secret-id", "kept").path("SecretString").asText())
        .isEqualTo(MARK + "-kept");
    assertThat(filesWithTheMark(folder.resolve("data"))).isEmpty();
  }

  private static JsonNode secret(String... call) throws Exception {
    return aws.call("secretsmanager", call);
  }

  private static void parameter(String name, String type, String value) throws Exception {
    aws.call("ssm", "put-parameter", "--name", name, "--type", type, "--value", value);
  }

  private static String reasonOf(String family, String reference) throws Exception {
    register(family, "{\"name\": \"KEY\", \"valueFrom\": \"" + reference + "\"}", "true");
    JsonNode task = new PatientCalls(berth).await(run(family), "STOPPED");
    assertThat(task.path("stopCode").asText()).isEqualTo("TaskFailedToStart");
    assertThat(task.at("/containers/0").has("exitCode")).isFalse();
    return task.path("stoppedReason").asText();
  }

  private static void register(String family, String secrets, String command) throws Exception {
    Path file = folder.resolve(family + ".json");
    Files.writeString(
        file,
        """
        {"family": "%s", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
         "cpu": "256", "memory": "512", "executionRoleArn": "arn:aws:iam::123456789012:role/e",
         "containerDefinitions": [{"name": "main", "image": "%s", "essential": true,
           "stopTimeout": 2, "secrets": [%s], "command": ["sh", "-c", "%s"]}]}
        """
            .formatted(
                family,
                RunningBerth.BUSYBOX,
                secrets,
                command.replace("\\", "\\\\").replace("\"", "\\\"")));
    aws.ecs("register-task-definition", "--cli-input-json", "file://" + file);
  }

  private static String run(String family) throws Exception {
    JsonNode answer =
        aws.ecs(
            "run-task",
            "--task-definition",
            family,
            "--launch-type",
            "FARGATE",
            "--network-configuration",
            network);
    return answer.at("/tasks/0/taskArn").asText();
  }

  private static List<String> awaitOutput(String task, int lineCount) throws Exception {
    var calls = new PatientCalls(berth);
    List<String> lines = calls.output(task);
    while (lines.size() < lineCount) {
      assertThat(calls.describe(task).path("lastStatus").asText()).isNotEqualTo("STOPPED");
      Thread.sleep(50);
      lines = calls.output(task);
    }
    return lines;
  }

  private static List<Path> filesWithTheMark(Path root) throws IOException {
    var found = new ArrayList<Path>();
    byte[] mark = MARK.getBytes(UTF_8);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean ofBerth = !isNamespace(file) && Files.size(file) <= FILE_BYTES_MAX;
        if (ofBerth && contains(Files.readAllBytes(file), mark)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  /** What a namespace is held by looks like a file, and cannot be read. */
  private static boolean isNamespace(Path file) throws IOException {
    return Files.getFileStore(file).type().equals("nsfs");
  }

  private static List<String> commandLinesWithTheMark() throws IOException {
    var found = new ArrayList<String>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(it -> it.getFileName().toString().matches("[0-9]+")).toList()) {
        Path file = process.resolve("cmdline");
        String line = Files.isReadable(file) ? read(file) : "";
        // The aws commands of this test are over, and no other process was told the value.
        if (line.contains(MARK)) {
          found.add(line);
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Whether the file or a folder above it keeps everybody else out. */
  private static boolean isForRootAlone(Path file) throws IOException {
    for (Path at = file; at != null && !at.equals(at.getRoot()); at = at.getParent()) {
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(at));
      if (mode.endsWith("------")) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    for (int at = 0; at <= bytes.length - wanted.length; at++) {
      int same = 0;
      while (same < wanted.length && bytes[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return true;
      }
    }
    return false;
  }

  private static String hash(String value) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8)));
  }
}
