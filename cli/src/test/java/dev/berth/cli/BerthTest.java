package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.cli.ScriptedBerth.Call;
import dev.berth.cli.ScriptedBerth.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BerthTest {
  private final ScriptedBerth berth;

  @TempDir private Path data = Path.of("");

  BerthTest() throws IOException {
    berth = new ScriptedBerth();
  }

  @AfterEach
  void close() {
    berth.close();
  }

  @Test
  void printsTheKeyOfTheOperatorSoThatAShellCannotMisreadIt() throws IOException {
    writeOperatorFile("http://127.0.0.1:4510");

    Outcome outcome = berth.run("env", "--data", data.toString());

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            export AWS_ENDPOINT_URL='http://127.0.0.1:4510'
            export AWS_REGION='eu-west-1'
            export AWS_DEFAULT_REGION='eu-west-1'
            export AWS_ACCESS_KEY_ID='AKIATEST'
            export AWS_SECRET_ACCESS_KEY='s3cr'\\''et'
            unset AWS_SESSION_TOKEN AWS_PROFILE
            """);
  }

  @Test
  void printsNothingToEvaluateWhenThereIsNoServer() {
    Outcome outcome = berth.run("env", "--data", data.toString());

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("berth: " + data.resolve("operator.json"));
  }

  @Test
  void sendsAKeyThatIsForAwsNowhere() throws IOException {
    writeOperatorFile(berth.endpoint());
    berth.answers("ListImages", "{\"images\":[]}");

    Outcome outcome =
        ScriptedBerth.run(
            Map.of(
                "AWS_ACCESS_KEY_ID", "AKIAREAL",
                "AWS_SECRET_ACCESS_KEY", "real",
                "BERTH_DATA", data.toString()),
            "image",
            "ls");

    // The server refuses every key but that of the operator's file.
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  @Test
  void saysThatNobodyListensAndWhatToDo() throws IOException {
    int freePort;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      freePort = socket.getLocalPort();
    }
    Map<String, String> environment = new HashMap<>(berth.environment());
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + freePort);

    Outcome outcome = ScriptedBerth.run(environment, "status");

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                1,
                "",
                "berth: Berth is not running at http://127.0.0.1:%d; start it with ./berth up\n"
                    .formatted(freePort)));
  }

  @Test
  void showsHostsTasksAndWhyATaskWaits() {
    berth.answers(
        "Status",
        """
        {"version":"0.1.0","startedAt":"2026-11-23T09:00:00Z",
         "hosts":[{"id":"host-1","zone":"a","state":"READY","architecture":"X86_64",
           "capacity":{"cpuUnits":2048,"memoryMib":8192},
           "used":{"cpuUnits":256,"memoryMib":512},"taskCount":1}],
         "tasks":{"RUNNING":1,"PROVISIONING":1},
         "waiting":[{"task":"arn:aws:ecs:eu-west-1:1:task/default/abc","reason":"RESOURCE:CPU"}]}""");

    Outcome outcome = berth.run("status");

    assertThat(outcome.out())
        .isEqualTo(
            """
            Berth 0.1.0 at %s, since 2026-11-23T09:00:00Z

            HOST    ZONE  STATE  ARCHITECTURE  VCPU          MEMORY MIB   TASKS
            host-1  a     READY  X86_64        0.25 of 2.00  512 of 8192  1

            Tasks: RUNNING 1, PROVISIONING 1

            WAITING  BECAUSE
            abc      RESOURCE:CPU
            """
                .formatted(berth.endpoint()));
  }

  @Test
  void showsWhereALaunchSpentItsTime() {
    berth.answers(
        "DescribeTaskTimings",
        """
        {"timings":[{"phase":"ACCEPT","startEpochMicros":1000000,"durationMicros":1500},
          {"phase":"START","startEpochMicros":1010000,"durationMicros":20250}]}""");

    Outcome outcome = berth.run("task", "timings", "abc");

    assertThat(outcome.out())
        .isEqualTo(
            """
            PHASE         BEGINS AT MS  TAKES MS
            ACCEPT              0.00          1.50
            START              10.00         20.25
            whole launch                     30.25
            """);
  }

  @Test
  void stopsTheTasksOfEveryPageOfEveryCluster() throws IOException {
    berth
        .answers("ListClusters", "{\"clusterArns\":[\"c1\"],\"nextToken\":\"n\"}")
        .answers("ListClusters", "{\"clusterArns\":[\"c2\"]}")
        .answers("ListTasks", "{\"taskArns\":[\"t1\"],\"nextToken\":\"n\"}")
        .answers("ListTasks", "{\"taskArns\":[\"t2\"]}")
        .answers("ListTasks", "{\"taskArns\":[\"t3\"]}")
        .answers("ListTasks", "{\"taskArns\":[]}")
        .answers("StopTask", "{}");

    Outcome outcome = berth.run("task", "stop", "--all");

    assertThat(outcome).isEqualTo(new Outcome(0, "3 tasks asked to stop\n", ""));
    assertThat(berth.calls("StopTask"))
        .extracting(BerthTest::task)
        .containsExactly("t1", "t2", "t3");
  }

  @Test
  void wantsOneTaskToStopOrAllOfThem() {
    assertThat(berth.run("task", "stop").exitCode()).isEqualTo(2);
    assertThat(berth.run("task", "stop", "--all", "abc").exitCode()).isEqualTo(2);
    assertThat(berth.operations()).isEmpty();
  }

  @Test
  void loadsAnArchiveUnderTheGivenName() throws IOException {
    Path archive = Files.writeString(data.resolve("image.tar"), "not really an archive");
    berth.answers(
        "/_berth/images",
        """
        {"images":[{"reference":"docker.io/web/app:1","digest":"sha256:aa","sizeBytes":1048576}]}""");

    Outcome outcome = berth.run("image", "load", archive.toString(), "web/app:1");

    assertThat(outcome.out())
        .isEqualTo(
            """
            IMAGE                DIGEST     MIB
            docker.io/web/app:1  sha256:aa  1.0
            """);
    Call call = berth.calls("/_berth/images").getFirst();
    assertThat(call.query()).isEqualTo("reference=web%2Fapp%3A1");
    assertThat(call.body()).isEqualTo("not really an archive");
  }

  @Test
  void tellsWhyAnArchiveWasRefused() throws IOException {
    Path archive = Files.writeString(data.resolve("image.tar"), "x");
    berth.answers(
        "/_berth/images", 400, "{\"__type\":\"InvalidArchive\",\"message\":\"it holds no image\"}");

    Outcome outcome = berth.run("image", "load", archive.toString());

    assertThat(outcome)
        .isEqualTo(new Outcome(1, "", "berth: image load: InvalidArchive: it holds no image\n"));
  }

  @Test
  void printsALogOnceAndEndsThoughTheContainerGoesOn() {
    berth
        .answers("ReadTaskOutput", "{\"lines\":[{\"text\":\"a\"}],\"nextOffset\":2}")
        .answers("ReadTaskOutput", "{\"lines\":[],\"nextOffset\":2,\"end\":false}");

    assertThat(berth.run("logs", "abc")).isEqualTo(new Outcome(0, "a\n", ""));
  }

  @Test
  void makesAnAccountThatAShellCanUse() {
    berth.answers(
        "CreateAccount",
        """
        {"account":"210987654321","accessKeyId":"AKIANEW","secretAccessKey":"new"}""");

    Outcome outcome = berth.run("account", "create", "210987654321");

    assertThat(outcome.out())
        .startsWith("# account 210987654321\nexport AWS_ENDPOINT_URL='" + berth.endpoint() + "'\n")
        .contains("export AWS_SECRET_ACCESS_KEY='new'\n");
  }

  @Test
  void listsAllThatIsWrongWithATaskDefinition() throws IOException {
    Path file = Files.writeString(data.resolve("web.json"), "{\"family\": \"web\"}");
    berth.answers(
        "CheckTaskDefinition",
        """
        {"violations":[{"path":"cpu","message":"No cpu."},
           {"path":"containerDefinitions[0].links","message":"No links."}],
         "unbuilt":[{"path":"volumes","message":"Not yet."}]}""");

    Outcome outcome = berth.run("taskdef", "check", file.toString());

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                1,
                """
                MEMBER                         WHAT IS WRONG
                cpu                            No cpu.
                containerDefinitions[0].links  No links.

                Accepted when it is registered, but Berth does not run its tasks:
                MEMBER   WHAT IS WRONG
                volumes  Not yet.
                """,
                ""));
    assertThat(berth.calls("CheckTaskDefinition").getFirst().input().at("/taskDefinition/family"))
        .hasToString("\"web\"");
  }

  @Test
  void hasNothingToSayOfAGoodTaskDefinition() throws IOException {
    Path file = Files.writeString(data.resolve("web.json"), "{}");
    berth.answers("CheckTaskDefinition", "{\"violations\":[],\"unbuilt\":[]}");

    assertThat(berth.run("taskdef", "check", file.toString()))
        .isEqualTo(new Outcome(0, file + ": nothing is wrong\n", ""));
  }

  @Test
  void saysWhereATaskDefinitionIsNoJson() throws IOException {
    Path broken = Files.writeString(data.resolve("a.json"), "{\n  \"family\": web\n}");
    Path list = Files.writeString(data.resolve("b.json"), "[]");

    assertThat(berth.run("taskdef", "check", broken.toString()).err())
        .startsWith("berth: " + broken + " is not JSON: line 2, column ");
    assertThat(berth.run("taskdef", "check", list.toString()))
        .isEqualTo(
            new Outcome(
                1, "", "berth: " + list + " is JSON, but not an object: no task definition\n"));
    assertThat(berth.run("taskdef", "check", data.resolve("c").toString()))
        .isEqualTo(new Outcome(1, "", "berth: there is no file " + data.resolve("c") + "\n"));
    assertThat(berth.operations()).isEmpty();
  }

  @Test
  void namesAnOptionThatItDoesNotKnow() {
    Outcome outcome = berth.run("status", "--speed");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("Unknown option: '--speed'").contains("--data");
  }

  private void writeOperatorFile(String endpoint) throws IOException {
    Files.writeString(
        data.resolve("operator.json"),
        """
        {"endpoint":"%s","region":"eu-west-1","account":"123456789012",
         "accessKeyId":"AKIATEST","secretAccessKey":"s3cr'et"}"""
            .formatted(endpoint));
  }

  private static String task(Call call) {
    try {
      return call.input().path("task").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
