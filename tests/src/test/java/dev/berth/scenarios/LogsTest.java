package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseHandler;

/** What containers write, seen through CloudWatch Logs. */
@Timeout(300)
final class LogsTest {
  private static final int LINE_COUNT = 100;
  private static final int CRASH_LINE_COUNT = 12_000;
  private static final int KILL_COUNT = 4;

  @TempDir private static Path folder = Path.of("");
  private static RunningBerth berth;
  private static Aws aws;
  private static PatientCalls calls;

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeAll
  static void start() throws Exception {
    berth =
        RunningBerth.start(folder.resolve("data"), "--host-cpu", "16384", "--host-memory", "32768");
    berth.loadBusybox();
    aws = new Aws(berth.endpoint());
    calls = new PatientCalls(berth);
  }

  @AfterAll
  static void nothingIsLeft() throws Exception {
    LastLook.at(berth);
  }

  @Test
  void linesAreSeenInOrderByEveryReader() throws Exception {
    aws.logs("create-log-group", "--log-group-name", "/ecs/web");
    register("web", "/ecs/web", "");
    var seen = new ConcurrentLinkedQueue<LiveTailSessionLogEvent>();
    var delayMillisMax = new AtomicLong();
    var all = new CountDownLatch(LINE_COUNT);
    var started = new CountDownLatch(1);
    var visitor =
        StartLiveTailResponseHandler.Visitor.builder()
            .onSessionStart(_ -> started.countDown())
            .onSessionUpdate(
                update -> {
                  for (var event : update.sessionResults()) {
                    delayMillisMax.accumulateAndGet(
                        System.currentTimeMillis() - event.timestamp(), Math::max);
                    seen.add(event);
                    all.countDown();
                  }
                })
            .build();
    try (var live = live()) {
      var session =
          live.startLiveTail(
              it -> it.logGroupIdentifiers(arn("/ecs/web")),
              StartLiveTailResponseHandler.builder().subscriber(visitor).build());
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

      String script =
          "i=0; while [ $i -lt " + LINE_COUNT + " ]; do echo line $i; i=$((i+1)); sleep 0.01; done";
      String task = calls.run("web", script, "web");
      assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
      session.cancel(true);
      assertThat(calls.await(task, "STOPPED").at("/containers/0/exitCode").asInt(-1)).isZero();

      System.out.println("live tail: the latest line came after " + delayMillisMax + " ms");
      List<String> lines = lines(LINE_COUNT);
      assertThat(seen).extracting(LiveTailSessionLogEvent::message).isEqualTo(lines);
      assertThat(messages("/ecs/web")).isEqualTo(lines);
      assertThat(calls.output(task)).isEqualTo(lines);
      assertThat(streams("/ecs/web"))
          .containsExactly("web/main/" + task.substring(task.lastIndexOf('/') + 1));
    }
  }

  /** Older programs have no such command. */
  @Test
  void theCliTailsAGroup() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/aws")), "Debian's awscli is not installed");
    aws.logs("create-log-group", "--log-group-name", "/ecs/tail");
    register("tail", "/ecs/tail", "");
    calls.await(calls.run("tail", "echo first; echo second", "tail"), "STOPPED");
    messages("/ecs/tail");

    assertThat(aws.text("logs", "tail", "/ecs/tail", "--format", "short").lines())
        .satisfiesExactly(
            line -> assertThat(line).endsWith("first"),
            line -> assertThat(line).endsWith("second"));
  }

  @Test
  void aGroupThatIsNotThereStopsTheTaskUnlessItMayBeMade() throws Exception {
    register("missing", "/ecs/missing", "");
    JsonNode task = calls.await(calls.run("missing", "echo never", "missing"), "STOPPED");

    assertThat(task.path("stopCode").asText()).isEqualTo("TaskFailedToStart");
    assertThat(task.path("stoppedReason").asText())
        .startsWith("ResourceInitializationError: failed to validate logger args")
        .contains("ResourceNotFoundException", "/ecs/missing");

    register("made", "/ecs/made", ", \"awslogs-create-group\": \"true\"");
    calls.await(calls.run("made", "echo first", "made"), "STOPPED");
    assertThat(messages("/ecs/made")).containsExactly("first");
  }

  @Test
  void linesOfOneEventAreKeptTogether() throws Exception {
    aws.logs("create-log-group", "--log-group-name", "/ecs/lines");
    register("lines", "/ecs/lines", ", \"awslogs-multiline-pattern\": \"^ERROR\"");

    calls.await(
        calls.run("lines", "echo ERROR one; echo '  at a'; echo '  at b'; echo ERROR two", "lines"),
        "STOPPED");

    assertThat(messages("/ecs/lines")).containsExactly("ERROR one\n  at a\n  at b", "ERROR two");
  }

  @Test
  void killsOfTheServerLoseAndDoubleNoLine() throws Exception {
    aws.logs("create-log-group", "--log-group-name", "/ecs/crash");
    register("crash", "/ecs/crash", ", \"mode\": \"blocking\"");
    String script =
        "i=0; while [ $i -lt "
            + CRASH_LINE_COUNT
            + " ]; do echo line $i; i=$((i+1)); [ $((i % 200)) = 0 ] && sleep 0.1; done; true";
    String task = calls.run("crash", script, "crash");
    calls.await(task, "RUNNING");

    for (int kill = 0; kill < KILL_COUNT; kill++) {
      Thread.sleep(400);
      berth.kill();
      berth.startAgain();
      berth.awaitReady();
    }

    calls.await(task, "STOPPED");
    assertThat(messages("/ecs/crash")).isEqualTo(lines(CRASH_LINE_COUNT));
  }

  private static List<String> lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "line " + i).toList();
  }

  private static void register(String family, String group, String options) throws Exception {
    aws.ecs(
        "register-task-definition",
        "--family",
        family,
        "--network-mode",
        "awsvpc",
        "--requires-compatibilities",
        "FARGATE",
        "--cpu",
        "256",
        "--memory",
        "512",
        "--execution-role-arn",
        "arn:aws:iam::123456789012:role/logs",
        "--container-definitions",
        """
        [{"name": "main", "image": "%s", "essential": true, "stopTimeout": 2,
          "logConfiguration": {"logDriver": "awslogs", "options": {
            "awslogs-group": "%s", "awslogs-region": "%s", "awslogs-stream-prefix": "%s"%s}}}]
        """
            .formatted(RunningBerth.BUSYBOX, group, berth.endpoint().region(), family, options));
  }

  /** All of a group, once its streams are complete: the last lines come soon after the end. */
  private static List<String> messages(String group) throws Exception {
    var known = new ArrayList<String>();
    for (int quiet = 0; quiet < 2; ) {
      var messages = new ArrayList<String>();
      aws.logs("filter-log-events", "--log-group-name", group)
          .path("events")
          .forEach(event -> messages.add(event.path("message").asText()));
      quiet = messages.equals(known) ? quiet + 1 : 0;
      known.clear();
      known.addAll(messages);
    }
    return known;
  }

  private static List<String> streams(String group) throws Exception {
    var names = new ArrayList<String>();
    aws.logs("describe-log-streams", "--log-group-name", group)
        .path("logStreams")
        .forEach(stream -> names.add(stream.path("logStreamName").asText()));
    return names;
  }

  private static String arn(String group) {
    return "arn:aws:logs:" + berth.endpoint().region() + ":123456789012:log-group:" + group;
  }

  private static CloudWatchLogsAsyncClient live() {
    var key = berth.endpoint().credentials();
    return CloudWatchLogsAsyncClient.builder()
        .endpointOverride(berth.endpoint().uri())
        .region(Region.of(berth.endpoint().region()))
        .overrideConfiguration(
            c -> c.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
        .build();
  }
}
