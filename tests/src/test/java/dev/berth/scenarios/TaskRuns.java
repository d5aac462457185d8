package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.util.List;

/**
 * Tasks of one busybox container that runs a shell command, by the real {@code aws} command.
 *
 * <p>A place is what {@code awsvpcConfiguration} says in the command's short form.
 */
record TaskRuns(RunningBerth berth, Aws aws) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A place in a subnet with one group. */
  static String in(String subnet, String group) {
    return "subnets=[" + subnet + "],securityGroups=[" + group + "]";
  }

  /** Runs it to its end, and gives its lines. */
  List<String> say(String command, String place) throws Exception {
    register("say", container(command));
    String arn = run("say", place);
    new PatientCalls(berth).await(arn, "STOPPED");
    return output(arn);
  }

  /** Runs it until it is stopped. */
  String serve(String command, String place) throws Exception {
    register("serve", container(command));
    String arn = run("serve", place);
    aws.ecs("wait", "tasks-running", "--tasks", arn);
    return arn;
  }

  private static String container(String command) {
    var containers = JSON.createArrayNode();
    var container = containers.addObject();
    container.put("name", "main").put("image", RunningBerth.BUSYBOX).put("essential", true);
    container.put("stopTimeout", 2).putArray("command").add("sh").add("-c").add(command);
    return containers.toString();
  }

  /** Registers a definition of these containers. */
  void register(String family, String containers) throws Exception {
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
        "--container-definitions",
        containers);
  }

  /** Starts a task and gives its ARN. */
  String run(String family, String place) throws Exception {
    JsonNode answer =
        aws.ecs(
            "run-task",
            "--task-definition",
            family,
            "--launch-type",
            "FARGATE",
            "--network-configuration",
            "awsvpcConfiguration={" + place + "}");
    assertThat(answer.path("failures")).isEmpty();
    return answer.path("tasks").path(0).path("taskArn").asText();
  }

  /** What the attachment of a task's interface says under that name. */
  String attached(String arn, String name) throws Exception {
    JsonNode details =
        aws.ecs("describe-tasks", "--tasks", arn).at("/tasks/0/attachments/0/details");
    for (JsonNode detail : details) {
      if (detail.path("name").asText().equals(name)) {
        return detail.path("value").asText();
      }
    }
    throw new AssertionError("no " + name + " in " + details);
  }

  String address(String arn) throws Exception {
    return attached(arn, "privateIPv4Address");
  }

  void stop(String arn) throws Exception {
    aws.ecs("stop-task", "--task", arn);
    aws.ecs("wait", "tasks-stopped", "--tasks", arn);
  }

  List<String> output(String arn) throws IOException, InterruptedException {
    return new PatientCalls(berth).output(arn);
  }
}
