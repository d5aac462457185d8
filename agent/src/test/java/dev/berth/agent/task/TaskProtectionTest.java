package dev.berth.agent.task;

import static dev.berth.agent.task.Tasks.id;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.agent.api.TaskApi;
import dev.berth.agent.network.LinkLocalService.Answer;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.model.identity.Region;
import dev.berth.model.signature.Credentials;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task asks for its protection, and gets AWS's own forms; the API answers as it is told to. */
class TaskProtectionTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ARN = "arn:aws:ecs:eu-west-1:123456789012:task/default/" + id(1);

  @TempDir Path folder;
  private final List<String> asked = new ArrayList<>();
  private final List<Credentials> callers = new ArrayList<>();
  private TaskApi answering = TaskApi.NONE;
  private RoleRoom room;

  @BeforeEach
  void open() throws IOException {
    room = new RoleRoom(folder, this::ecs);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private TaskApi.Reply ecs(Credentials caller, Region region, String operation, JsonNode input)
      throws IOException {
    callers.add(caller);
    asked.add(operation + " " + region.value() + " " + input);
    return answering.ecs(caller, region, operation, input);
  }

  @Test
  void aContainerIsToldWhere() {
    assertThat(room.environment(1))
        .containsEntry(
            "ECS_AGENT_URI", "http://169.254.170.2" + path(1).replaceFirst("/task-.*", ""));
  }

  @Test
  void ecsIsAskedInTheNameOfTheRole() throws Exception {
    answers(200, "{'protectedTasks': [], 'failures': [{'arn': 'a', 'reason': 'TASK_NOT_VALID'}]}");

    assertThat(read(room.ask(1, path(1)), 200))
        .isEqualTo(json("{'failure': {'Arn': 'a', 'Detail': null, 'Reason': 'TASK_NOT_VALID'}}"));
    assertThat(read(put("{'protectionEnabled': true, 'ExpiresInMinutes': 5}"), 200))
        .isEqualTo(json("{'failure': {'Arn': 'a', 'Detail': null, 'Reason': 'TASK_NOT_VALID'}}"));

    assertThat(asked)
        .containsExactly(
            "GetTaskProtection eu-west-1 {\"cluster\":\"default\",\"tasks\":[\"" + ARN + "\"]}",
            "UpdateTaskProtection eu-west-1 {\"cluster\":\"default\",\"tasks\":[\""
                + ARN
                + "\"],\"protectionEnabled\":true,\"expiresInMinutes\":5}");
    assertThat(callers).extracting(Credentials::accessKeyId).containsOnly("ASIA1");
  }

  @Test
  void whatIsProtectedIsTold() throws Exception {
    answers(
        200,
        "{'protectedTasks': [{'taskArn': 'a', 'protectionEnabled': true, 'expirationDate':"
            + " 1664430845.0}], 'failures': []}");

    assertThat(read(put("{'ProtectionEnabled': true}"), 200))
        .isEqualTo(
            json(
                "{'protection': {'ExpirationDate': '2022-09-29T05:54:05Z', 'ProtectionEnabled':"
                    + " true, 'TaskArn': 'a'}}"));
  }

  @Test
  void anErrorOfEcsIsHandedOn() throws Exception {
    answers(400, "{'__type': 'AccessDeniedException', 'message': 'no'}");

    assertThat(read(room.ask(1, path(1)), 400))
        .isEqualTo(
            json(
                "{'requestID': 'request', 'error': {'Arn': '%s', 'Code': 'AccessDeniedException',"
                        .formatted(ARN)
                    + " 'Message': 'no'}}"));
  }

  @Test
  void anApiThatIsSlowOrAwayIsNamed() throws Exception {
    answering =
        (_, _, operation, _) -> {
          throw new TaskApi.TimedOut(operation, new SocketTimeoutException());
        };
    assertThat(error(room.ask(1, path(1)), 504))
        .isEqualTo("RequestCanceled: Timed out calling ECS Task Protection API");

    answering = TaskApi.NONE;
    assertThat(error(room.ask(1, path(1)), 500)).startsWith("ServerException: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{'ProtectionEnabled': 'yes'}",
        "{'ProtectionEnabled': true, 'ExpiresInMinutes': 1.5}",
        "{'ProtectionEnabled': true, 'Unknown': 2}"
      })
  void whatCannotBeReadIsRefused(String body) throws Exception {
    assertThat(error(put(body), 400))
        .isEqualTo("InvalidParameterException: UpdateTaskProtection: failed to decode request");
    assertThat(asked).isEmpty();
  }

  @Test
  void aWishWithoutAWishIsRefused() throws Exception {
    assertThat(error(put("{'ExpiresInMinutes': 5}"), 400))
        .isEqualTo(
            "InvalidParameterException: Invalid request: does not contain 'ProtectionEnabled'"
                + " field");
  }

  @Test
  void aTaskAsksForItselfAloneAndByItsRole() throws Exception {
    assertThat(error(room.ask(1, path(2)), 404))
        .isEqualTo("ResourceNotFoundException: Failed to find a task for the request");
    assertThat(error(room.ask(3, path(3)), 403))
        .isEqualTo(
            "AccessDeniedException: Invalid Request: no task IAM role credentials available for"
                + " task");
    assertThat(room.ask(1, "DELETE", path(1), "").status()).isEqualTo(405);
    assertThat(asked).isEmpty();
  }

  private void answers(int status, String body) throws IOException {
    JsonNode reply = json(body);
    answering = (_, _, _, _) -> new TaskApi.Reply(status, "request", reply);
  }

  private Answer put(String body) throws Exception {
    return room.ask(1, "PUT", path(1), body.replace('\'', '"'));
  }

  private static String path(int task) {
    return "/api/" + new ContainerKey(id(task), "app").metadataId() + "/task-protection/v1/state";
  }

  private static JsonNode read(Answer answer, int status) throws IOException {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static String error(Answer answer, int status) throws IOException {
    JsonNode error = read(answer, status).path("error");
    return error.path("Code").asText() + ": " + error.path("Message").asText();
  }

  private static JsonNode json(String text) throws IOException {
    return text.isEmpty()
        ? JsonNodeFactory.instance.nullNode()
        : JSON.readTree(text.replace('\'', '"'));
  }
}
