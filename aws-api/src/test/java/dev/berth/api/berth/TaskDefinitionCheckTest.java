package dev.berth.api.berth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.api.gateway.ApiException;
import dev.berth.control.declaration.Unbuilt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskDefinitionCheckTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TaskDefinitionCheck check =
      new TaskDefinitionCheck(Unbuilt.EnvironmentFiles.UNREACHABLE);

  @Test
  void aGoodDefinitionHasNothingWrong() throws Exception {
    JsonNode answer =
        check(
            """
            {"family": "web", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
             "memory": "512", "containerDefinitions": [{"name": "a", "image": "i"}]}
            """);

    assertThat(answer).hasToString("{\"violations\":[],\"unbuilt\":[]}");
  }

  @Test
  void faultsOfEveryKindAreFoundAtOnceEachByItsPath() throws Exception {
    JsonNode answer =
        check(
            """
            {"family": "web", "requiresCompatibilities": ["FARGATE", "MOON"], "cpu": 256,
             "memory": "513", "revision": 3, "containerDefinitions": [
               {"name": "a", "image": "i", "stopTimeout": "200", "comand": ["x"],
                "environment": {"A": "b"}, "privileged": true},
               {"name": "b", "image": "i", "dependsOn": [{"containerName": "a"}],
                "repositoryCredentials": {"credentialsParameter": "c"}}],
             "executionRoleArn": null}
            """);

    assertThat(found(answer.path("violations")))
        .containsExactly(
            "cpu: This must be a string.",
            "revision: There is no such member.",
            "containerDefinitions[0].stopTimeout: This must be an integer.",
            "containerDefinitions[0].comand: There is no such member.",
            "containerDefinitions[0].environment: This must be a list.",
            "containerDefinitions[1].dependsOn[0].condition: Value null at"
                + " 'containerDefinitions.2.member.dependsOn.1.member.condition' failed to satisfy"
                + " constraint: Member must not be null",
            "requiresCompatibilities[1]: Value 'MOON' at 'requiresCompatibilities.2.member' failed"
                + " to satisfy constraint: Member must satisfy enum value set: [EC2, EXTERNAL,"
                + " FARGATE, MANAGED_INSTANCES]",
            "containerDefinitions[1].repositoryCredentials: When you are specifying container"
                + " repositoryCredentials, you must also specify a value for 'executionRoleArn'.",
            "containerDefinitions[0].privileged: Fargate requires that the 'privileged' setting be"
                + " 'false'.");
    assertThat(found(answer.path("unbuilt")))
        .anyMatch(each -> each.startsWith("containerDefinitions[1].repositoryCredentials: "));
  }

  @Test
  void whatIsNoObjectIsNoDefinition() {
    assertThatThrownBy(() -> check.check(JSON.readTree("{\"taskDefinition\": []}")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("must be a JSON object");
  }

  private JsonNode check(String definition) throws Exception {
    return check.check(JSON.createObjectNode().set("taskDefinition", JSON.readTree(definition)));
  }

  private static List<String> found(JsonNode list) {
    var found = new ArrayList<String>();
    list.forEach(
        each -> found.add(each.path("path").asText() + ": " + each.path("message").asText()));
    return found;
  }
}
