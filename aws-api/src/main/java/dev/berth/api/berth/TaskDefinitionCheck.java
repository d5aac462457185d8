package dev.berth.api.berth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.gateway.ApiException;
import dev.berth.api.protocol.DocumentCheck;
import dev.berth.api.protocol.ShapeText;
import dev.berth.api.shape.ConstraintCheck;
import dev.berth.api.shape.ServiceModel;
import dev.berth.control.declaration.Registration;
import dev.berth.control.declaration.Unbuilt;
import dev.berth.model.Declared;
import java.util.HashSet;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;

/**
 * All that keeps a task definition from being registered, where RegisterTaskDefinition says one
 * thing at a time; and all that keeps its tasks from being run here. Registers nothing.
 */
final class TaskDefinitionCheck {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OPERATION = "RegisterTaskDefinition";

  private final ServiceModel model = ServiceModel.load("ecs");
  private final Unbuilt.EnvironmentFiles environmentFiles;

  TaskDefinitionCheck(Unbuilt.EnvironmentFiles environmentFiles) {
    this.environmentFiles = environmentFiles;
  }

  /** Answers the operation CheckTaskDefinition. */
  JsonNode check(JsonNode request) {
    if (!(request.path("taskDefinition") instanceof ObjectNode document)) {
      throw new ApiException(
          "InvalidParameterException", "taskDefinition must be a JSON object, and is not.");
    }
    ObjectNode answer = JSON.createObjectNode();
    var violations = new Violations(answer.putArray("violations"));
    var checked = DocumentCheck.of(document, RegisterTaskDefinitionRequest.builder());
    checked.findings().forEach(it -> violations.add(it.path(), "", it.message()));
    String repaired = checked.repaired().toString();
    var input = ShapeText.fill(repaired, RegisterTaskDefinitionRequest.builder()).build();
    ConstraintCheck.broken(model, OPERATION, input)
        .forEach(it -> violations.add(it.documentPath(), "InvalidParameterException", it.text()));
    var declared = new Declared(repaired);
    Registration.violations(declared)
        .forEach(it -> violations.add(it.path(), "ClientException", it.message()));
    ArrayNode unbuilt = answer.putArray("unbuilt");
    Unbuilt.all(declared, environmentFiles)
        .forEach(it -> unbuilt.addObject().put("path", it.path()).put("message", it.message()));
    return answer;
  }

  /** What breaks the model is not told again in other words. */
  private static final class Violations {
    private final ArrayNode list;
    private final Set<String> brokenPaths = new HashSet<>();

    Violations(ArrayNode list) {
      this.list = list;
    }

    void add(String path, String code, String message) {
      boolean ofModel = !code.equals("ClientException");
      if (ofModel ? brokenPaths.add(path) : !brokenPaths.contains(path)) {
        list.addObject().put("path", path).put("code", code).put("message", message);
      }
    }
  }
}
