package dev.berth.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.endpoint.Endpoint;
import dev.berth.model.signature.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A task's role, used by the distribution's own aws command inside a real task. */
@Tag("slow")
final class RolesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String IMAGE = "debian/awscli:latest";
  private static final String ROLE = "arn:aws:iam::123456789012:role/team/reader";
  private static final Duration VALIDITY = Duration.ofSeconds(40);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int POLL_MILLIS = 200;

  /** Larger files are tasks' disks and images. */
  private static final long FILE_BYTES_MAX = 64 << 20;

  /** Asks the metadata address, and prints the status and what was answered. */
  private static final String ASK =
      """
      import sys, urllib.request, urllib.error
      request = urllib.request.Request(
          'http://169.254.170.2' + sys.argv[1],
          method=sys.argv[2], data=sys.argv[3].encode() if len(sys.argv) > 3 else None)
      try:
          answer = urllib.request.urlopen(request)
      except urllib.error.HTTPError as refused:
          answer = refused
      print(answer.status, answer.read().decode())
      """;

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static String network = "";

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    Path image = image("awscli");
    berth =
        RunningBerth.start(
            folder.resolve("data"),
            "--host-cpu",
            "16384",
            "--host-memory",
            "32768",
            "--role-session",
            Long.toString(VALIDITY.toSeconds()));
    berth.loadBusybox();
    try (var stream = Files.newInputStream(image)) {
      JsonNode _ = berth.client().loadImage(stream, Files.size(image), IMAGE, _ -> {});
    }
    aws = new Aws(berth.endpoint());
    network = "awsvpcConfiguration={subnets=[" + berth.client().defaultSubnets().getFirst() + "]}";
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  @Test
  void anSdkInsideATaskIsItsRoleAndMayReadAndNothingElse() throws Exception {
    register(
        "reader",
        ROLE,
        """
        aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" --output json "$@" 2>&1 | tr -d '\\n'; echo; }
        me=$(python3 -c 'import json, os, urllib.request as u; print(json.load(u.urlopen(os.environ["ECS_CONTAINER_METADATA_URI_V4"] + "/task"))["TaskARN"])')
        aws sts get-caller-identity
        aws ecs describe-tasks --tasks "$me"
        aws ecs run-task --task-definition reader
        aws secretsmanager list-secrets
        aws ec2 describe-vpcs
        state="${ECS_AGENT_URI#http://169.254.170.2}/task-protection/v1/state"
        python3 -c "$ASK" "$state" GET
        python3 -c "$ASK" "$state" PUT '{"ProtectionEnabled": true, "ExpiresInMinutes": 5}'
        """);
    String task = run("reader");
    new PatientCalls(berth).await(task, "STOPPED");
    List<String> said = said(task);
    String me = "arn:aws:sts::123456789012:assumed-role/reader/" + id(task);

    JsonNode identity = JSON.readTree(said.get(0));
    assertThat(identity.path("Account").asText()).isEqualTo("123456789012");
    assertThat(identity.path("Arn").asText()).isEqualTo(me);
    assertThat(identity.path("UserId").asText()).matches("AROA[A-Z2-7]{17}:" + id(task));
    assertThat(JSON.readTree(said.get(1)).at("/tasks/0/taskArn").asText()).isEqualTo(task);
    assertThat(said.get(2))
        .contains(
            "(AccessDeniedException)",
            "RunTask operation: User: "
                + me
                + " is not authorized to perform: ecs:RunTask on resource: arn:aws:ecs:"
                + berth.endpoint().region()
                + ":123456789012:task-definition/reader because no identity-based policy allows"
                + " the ecs:RunTask action");
    assertThat(said.get(3)).contains("(AccessDeniedException)", "secretsmanager:ListSecrets");
    assertThat(said.get(4)).contains("(UnauthorizedOperation)", "ec2:DescribeVpcs");
    // No service has started it.
    assertThat(said.subList(5, said.size()))
        .containsOnly(
            "200 {\"failure\":{\"Arn\":\""
                + task
                + "\",\"Detail\":null,\"Reason\":\"TASK_NOT_VALID\"}}")
        .hasSize(2);
  }

  @Test
  void aTaskWithoutARoleHasNoneAndReachesTheApiAllTheSame() throws Exception {
    register(
        "nobody",
        "",
        """
        echo "path ${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI-none}"
        python3 -c "$ASK" "${ECS_AGENT_URI#http://169.254.170.2}/task-protection/v1/state" GET | cut -c1-3
        python3 -c '
        import os, urllib.error, urllib.request as u
        try:
            u.urlopen(os.environ["AWS_ENDPOINT_URL"], b"Action=GetCallerIdentity&Version=2011-06-15")
        except urllib.error.HTTPError as e:
            print(e.status, "MissingAuthenticationToken" in e.read().decode())
        for path in ["/_berth/health", "/_berth/images"]:
            try:
                print(path, u.urlopen(os.environ["AWS_ENDPOINT_URL"] + path).status)
            except urllib.error.HTTPError as e:
                print(path, e.status)
        '
        """);
    String task = run("nobody");
    new PatientCalls(berth).await(task, "STOPPED");

    assertThat(said(task))
        .containsExactly(
            "path none", "403", "403 True", "/_berth/health 400", "/_berth/images 400");
  }

  @Test
  void credentialsAreRenewedOutliveTheServerAndEnd() throws Exception {
    // While the server is away nobody answers at 169.254.170.2.
    register(
        "holder",
        ROLE,
        """
        echo "path $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
        while :; do
          python3 -c '
        import base64, os, urllib.request as u
        path = os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
        print(base64.b64encode(u.urlopen("http://169.254.170.2" + path).read()).decode())' 2>/dev/null
          sleep 2
        done
        """);
    String task = run("holder");
    String path = await(task, "path ").getFirst().substring("path ".length());

    // Somebody else has found out the path.
    register("thief", ROLE, "python3 -c \"$ASK\" " + path + " GET");
    String thief = run("thief");
    new PatientCalls(berth).await(thief, "STOPPED");
    assertThat(said(thief)).hasSize(1);
    assertThat(said(thief).getFirst()).startsWith("400 ").contains("InvalidIdInRequest");

    List<Held> held = awaitHeld(task, 1);
    Held first = held.getFirst();
    assertThat(first.role()).isEqualTo(ROLE);
    assertThat(first.credentials().accessKeyId()).matches("ASIA[A-Z2-7]{16}");
    assertThat(first.expiresAt()).isBefore(Instant.now().plus(VALIDITY));
    assertThat(arnOf(first)).endsWith("assumed-role/reader/" + id(task));

    Held second = awaitHeld(task, 2).get(1);
    assertThat(second.expiresAt()).isAfter(first.expiresAt());
    assertThat(arnOf(second)).endsWith("assumed-role/reader/" + id(task));

    berth.kill();
    berth.startAgain();
    berth.awaitReady();
    if (Instant.now().isBefore(second.expiresAt().minusSeconds(5))) {
      assertThat(arnOf(second)).endsWith("assumed-role/reader/" + id(task));
    }
    int known = awaitHeld(task, 2).size();
    assertThat(arnOf(awaitHeld(task, known + 1).getLast())).endsWith("/" + id(task));

    Thread.sleep(
        Math.max(0, Duration.between(Instant.now(), first.expiresAt()).plusSeconds(1).toMillis()));
    assertThat(of(first).refusal("sts", "get-caller-identity")).contains("(ExpiredToken)");
    assertThat(of(first).refusal("ecs", "list-clusters")).contains("(ExpiredTokenException)");

    for (Held each : awaitHeld(task, 2)) {
      assertThat(filesWith(each.credentials().secretAccessKey(), folder.resolve("data"))).isEmpty();
      assertThat(filesWith(each.credentials().secretAccessKey(), berth.host().memory())).isEmpty();
    }
    assertThat(aws.ecs("describe-tasks", "--tasks", task).toString()).doesNotContain(path);
    aws.ecs("stop-task", "--task", task);
    new PatientCalls(berth).await(task, "STOPPED");
  }

  /** What the endpoint gave. */
  private record Held(String role, Credentials credentials, Instant expiresAt) {
    static Held of(String line) {
      try {
        JsonNode answer = JSON.readTree(Base64.getDecoder().decode(line));
        return new Held(
            answer.path("RoleArn").asText(),
            new Credentials(
                answer.path("AccessKeyId").asText(),
                answer.path("SecretAccessKey").asText(),
                answer.path("Token").asText()),
            Instant.parse(answer.path("Expiration").asText()));
      } catch (IOException e) {
        throw new AssertionError("not what the endpoint answers: " + line, e);
      }
    }
  }

  private static Aws of(Held held) {
    Endpoint own = berth.endpoint();
    return new Aws(new Endpoint(own.uri(), own.region(), held.credentials()));
  }

  private static String arnOf(Held held) throws Exception {
    return of(held).call("sts", "get-caller-identity").path("Arn").asText();
  }

  /** Waits until the task was given so many different credentials. */
  private static List<Held> awaitHeld(String task, int count) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      List<Held> held =
          said(task).stream()
              .filter(line -> !line.startsWith("path "))
              .distinct()
              .map(Held::of)
              .toList();
      if (held.size() >= count) {
        return held;
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new AssertionError("not so many credentials in time: " + said(task));
  }

  private static List<String> await(String task, String start) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      List<String> found = said(task).stream().filter(line -> line.startsWith(start)).toList();
      if (!found.isEmpty()) {
        return found;
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new AssertionError("nothing with " + start + " in " + said(task));
  }

  private static List<String> said(String task) throws Exception {
    return new PatientCalls(berth).output(task).stream().filter(line -> !line.isBlank()).toList();
  }

  private static String id(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  private static void register(String family, String role, String script) throws Exception {
    var definition = JSON.createObjectNode();
    definition.put("family", family).put("networkMode", "awsvpc");
    definition.put("cpu", "1024").put("memory", "2048");
    definition.putArray("requiresCompatibilities").add("FARGATE");
    if (!role.isEmpty()) {
      definition.put("taskRoleArn", role);
    }
    var container = definition.putArray("containerDefinitions").addObject();
    container.put("name", "main").put("image", IMAGE).put("essential", true);
    container.put("stopTimeout", 2);
    container.putArray("command").add("sh").add("-c").add(script);
    container.putArray("environment").addObject().put("name", "ASK").put("value", ASK);
    Path file = folder.resolve(family + ".json");
    Files.write(file, JSON.writeValueAsBytes(definition));
    aws.ecs("register-task-definition", "--cli-input-json", "file://" + file);
  }

  private static String run(String family) throws Exception {
    return aws.ecs(
            "run-task",
            "--task-definition",
            family,
            "--launch-type",
            "FARGATE",
            "--network-configuration",
            network)
        .at("/tasks/0/taskArn")
        .asText();
  }

  private static List<Path> filesWith(String text, Path root) throws IOException {
    var found = new ArrayList<Path>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean readable =
            !Files.getFileStore(file).type().equals("nsfs") && Files.size(file) <= FILE_BYTES_MAX;
        if (readable && new String(Files.readAllBytes(file), UTF_8).contains(text)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  /** Built once and kept. */
  private static Path image(String name) throws IOException, InterruptedException {
    var building =
        new ProcessBuilder("../tests/images/build", name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    building.getOutputStream().close();
    var path = new String(building.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(building.waitFor()).as("the build of the image %s", name).isZero();
    return Path.of(path);
  }
}
