package dev.berth.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.agent.api.TaskApi;
import dev.berth.agent.network.LinkLocalService.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task gets its own role's credentials, new ones in time, and the last ones without control. */
class TaskCredentialsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private RoleRoom room;

  @BeforeEach
  void open() throws IOException {
    room = new RoleRoom(folder, TaskApi.NONE);
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void aTaskWithARoleIsToldWhereAndOneWithoutIsNot() {
    assertThat(room.environment(1))
        .containsEntry("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/own");
    assertThat(room.environment(3)).doesNotContainKey("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    assertThat(room.issued).isEqualTo(2);
  }

  @Test
  void aTaskGetsItsOwnInAwsForm() throws Exception {
    JsonNode answer = JSON.readTree(room.ask(1, "/v2/credentials/own").body());

    assertThat(answer.path("RoleArn").asText()).isEqualTo(RoleRoom.role().value());
    assertThat(answer.path("AccessKeyId").asText()).isEqualTo("ASIA1");
    assertThat(answer.path("SecretAccessKey").asText()).isEqualTo("secret 1");
    assertThat(answer.path("Token").asText()).isEqualTo("token 1");
    assertThat(answer.path("Expiration").asText())
        .isEqualTo(room.now.plus(RoleRoom.VALIDITY).toString());
  }

  @Test
  void anotherTasksPathIsNoUseToIt() throws Exception {
    for (String path : List.of("/v2/credentials/other", "/v2/credentials/guess")) {
      Answer refused = room.ask(1, path);

      assertThat(refused.status()).isEqualTo(400);
      assertThat(JSON.readTree(refused.body()))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"code": "InvalidIdInRequest", "HTTPErrorCode": 400,
                   "message": "CredentialsV2Request: Credentials not found"}
                  """));
    }
    assertThat(room.ask(3, "/v2/credentials/own").status()).isEqualTo(400);
    assertThat(room.ask(1, "/v2/credentials/").body()).contains("NoIdInRequest");
  }

  @Test
  void newOnesComeAfterHalfOfTheTimeAndNotBefore() throws Exception {
    room.now = room.now.plus(RoleRoom.VALIDITY.dividedBy(2)).minusSeconds(1);
    room.passPauses();
    assertThat(room.ask(1, "/v2/credentials/own").body()).contains("ASIA1");

    room.now = room.now.plusSeconds(1);
    room.passPauses();

    assertThat(room.ask(1, "/v2/credentials/own").body()).doesNotContain("ASIA1").contains("ASIA");
    assertThat(room.issued).isEqualTo(4);
  }

  @Test
  void withoutControlTheLastOnesAreServedUntilTheyEnd() throws Exception {
    room.disconnect();
    room.now = room.now.plus(RoleRoom.VALIDITY).minusSeconds(1);
    room.passPauses();
    assertThat(room.ask(1, "/v2/credentials/own").body()).contains("ASIA1");

    room.now = room.now.plusSeconds(1);
    Answer refused = room.ask(1, "/v2/credentials/own");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains("CredentialsUninitialized");

    room.connectAgain();
    assertThat(room.ask(1, "/v2/credentials/own").status()).isEqualTo(200);
  }

  @Test
  void theNextLifeOfTheAgentServesTheSamePath() throws Exception {
    room.restart();

    assertThat(room.ask(1, "/v2/credentials/own").status()).isEqualTo(200);
    assertThat(room.ask(2, "/v2/credentials/own").status()).isEqualTo(400);
  }

  @Test
  void noSecretIsInAFileOfTheAgent() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file).content().doesNotContain("secret 1", "token 1");
      }
    }
  }
}
