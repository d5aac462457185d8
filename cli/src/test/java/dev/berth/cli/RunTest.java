package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.cli.ScriptedBerth.Outcome;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RunTest {
  private static final String TASK = "arn:aws:ecs:eu-west-1:123456789012:task/default/abc";
  private static final String RAN =
      """
      {"tasks":[{"lastStatus":"STOPPED","stopCode":"EssentialContainerExited",
        "stoppedReason":"Essential container in task exited",
        "containers":[{"name":"main","exitCode":%d}]}]}""";

  private final ScriptedBerth berth;

  RunTest() throws IOException {
    berth = new ScriptedBerth();
  }

  @BeforeEach
  void acceptTheTask() {
    berth
        .answers("ListDefaultSubnets", "{\"subnets\":[\"subnet-1\",\"subnet-2\"]}")
        .answers(
            "RegisterTaskDefinition", "{\"taskDefinition\":{\"taskDefinitionArn\":\"arn:td:1\"}}")
        .answers("DeregisterTaskDefinition", "{}");
  }

  @AfterEach
  void close() {
    berth.close();
  }

  @Test
  void showsBothStreamsAndEndsWithTheExitCodeOfTheContainer() {
    berth
        .answers("RunTask", "{\"tasks\":[{\"taskArn\":\"" + TASK + "\"}],\"failures\":[]}")
        .answers(
            "ReadTaskOutput",
            """
            {"lines":[{"stream":"stdout","text":"hel","partial":true},
              {"stream":"stdout","text":"lo"}],"nextOffset":6,"end":false}""")
        .answers(
            "ReadTaskOutput",
            """
            {"lines":[{"stream":"stderr","text":"oh"}],"nextOffset":9,"end":true}""")
        .answers("DescribeTasks", "{\"tasks\":[{\"lastStatus\":\"RUNNING\",\"containers\":[{}]}]}")
        .answers("DescribeTasks", RAN.formatted(42));

    Outcome outcome = berth.run("run", "web/app:1");

    assertThat(outcome).isEqualTo(new Outcome(42, "hello\n", "oh\n"));
  }

  @Test
  void readsOnFromWhereTheLastReadingEnded() throws IOException {
    berth
        .answers("RunTask", "{\"tasks\":[{\"taskArn\":\"" + TASK + "\"}]}")
        .answers("ReadTaskOutput", "{\"lines\":[{\"text\":\"a\"}],\"nextOffset\":17}")
        .answers("ReadTaskOutput", "{\"lines\":[],\"nextOffset\":17,\"end\":true}")
        .answers("DescribeTasks", RAN.formatted(0));

    berth.run("run", "web/app:1");

    assertThat(berth.calls("ReadTaskOutput").get(0).input().path("offset").asInt()).isZero();
    assertThat(berth.calls("ReadTaskOutput").get(1).input().path("offset").asInt()).isEqualTo(17);
  }

  @Test
  void givesEverythingAfterTheImageToTheContainer() throws IOException {
    berth.answers("RunTask", "{\"tasks\":[{\"taskArn\":\"" + TASK + "\"}]}");

    berth.run(
        "run",
        "--cpu",
        "1 vCPU",
        "--memory",
        "2048",
        "-e",
        "A=b=c",
        "--detach",
        "web/app:1",
        "ls",
        "--help",
        "-e",
        "x y");

    JsonNode input = berth.calls("RegisterTaskDefinition").getFirst().input();
    assertThat(input.path("cpu").asText()).isEqualTo("1 vCPU");
    assertThat(input.path("memory").asText()).isEqualTo("2048");
    JsonNode container = input.path("containerDefinitions").path(0);
    assertThat(container.path("image").asText()).isEqualTo("web/app:1");
    assertThat(container.path("command")).hasToString("[\"ls\",\"--help\",\"-e\",\"x y\"]");
    assertThat(container.path("environment")).hasToString("[{\"name\":\"A\",\"value\":\"b=c\"}]");
  }

  @Test
  void printsNothingButTheArnOfADetachedTask() {
    berth.answers("RunTask", "{\"tasks\":[{\"taskArn\":\"" + TASK + "\"}]}");

    Outcome outcome = berth.run("run", "--detach", "web/app:1");

    assertThat(outcome).isEqualTo(new Outcome(0, TASK + "\n", ""));
    assertThat(berth.operations())
        .containsExactlyInAnyOrder(
            "ListDefaultSubnets", "RegisterTaskDefinition", "RunTask", "DeregisterTaskDefinition");
  }

  @Test
  void runsInTheDefaultSubnetsUnlessToldWhere() throws IOException {
    berth.answers("RunTask", "{\"tasks\":[{\"taskArn\":\"" + TASK + "\"}]}");

    berth.run("run", "--detach", "web/app:1");
    berth.run("run", "--detach", "--subnet", "subnet-9", "web/app:1");

    assertThat(subnets(0)).isEqualTo("[\"subnet-1\",\"subnet-2\"]");
    assertThat(subnets(1)).isEqualTo("[\"subnet-9\"]");
  }

  private String subnets(int call) throws IOException {
    JsonNode network = berth.calls("RunTask").get(call).input().path("networkConfiguration");
    return network.path("awsvpcConfiguration").path("subnets").toString();
  }

  @Test
  void tellsWhyATaskDidNotStart() {
    berth
        .answers("RunTask", "{\"tasks\":[{\"taskArn\":\"" + TASK + "\"}]}")
        .answers("ReadTaskOutput", "{\"lines\":[],\"nextOffset\":0,\"end\":false}")
        .answers("DescribeTasks", "{\"tasks\":[{\"lastStatus\":\"PENDING\"}]}")
        .answers(
            "DescribeTasks",
            """
            {"tasks":[{"lastStatus":"STOPPED","stopCode":"TaskFailedToStart",
              "stoppedReason":"Task failed to start",
              "containers":[{"reason":"CannotPullContainerError: no such image"}]}]}""");

    Outcome outcome = berth.run("run", "web/app:1");

    assertThat(outcome.exitCode()).isEqualTo(125);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .isEqualTo(
            """
            berth: the task is PENDING
            berth: the task did not run: Task failed to start: CannotPullContainerError: no such \
            image
            """);
  }

  @Test
  void tellsWhyARunWasDeclined() {
    berth.answers("RunTask", "{\"tasks\":[],\"failures\":[{\"reason\":\"RESOURCE:CPU\"}]}");

    Outcome outcome = berth.run("run", "web/app:1");

    assertThat(outcome)
        .isEqualTo(new Outcome(125, "", "berth: the task was not started: RESOURCE:CPU\n"));
  }

  @Test
  void leavesNoDefinitionBehindWhenTheRunIsRefused() {
    berth.answers(
        "RunTask",
        400,
        "{\"__type\":\"com.amazonaws.ecs#ClusterNotFoundException\",\"message\":\"Cluster not found.\"}");

    Outcome outcome = berth.run("run", "--cluster", "none", "web/app:1");

    assertThat(outcome)
        .isEqualTo(
            new Outcome(1, "", "berth: RunTask: ClusterNotFoundException: Cluster not found.\n"));
    assertThat(berth.operations()).endsWith("DeregisterTaskDefinition");
  }
}
