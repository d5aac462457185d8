package dev.berth.api.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.identity.Arn;
import java.io.IOException;

/**
 * Which resource a JSON request is about, for the text of its refusal alone.
 *
 * <p>Pure. Where AWS would name several, or nobody can tell yet, it is {@code *}, as AWS writes for
 * an operation without resources.
 */
final class AskedResource {
  private static final String ANY = "*";
  private static final ObjectMapper JSON = new ObjectMapper();

  private AskedResource() {}

  /**
   * @param service the signing name
   * @param body as it came, of any form
   */
  static String of(String service, CallContext context, byte[] body) {
    JsonNode input;
    try {
      input = JSON.readTree(body);
    } catch (IOException notJson) {
      return ANY;
    }
    return switch (service) {
      case "ecs" -> ofEcs(context, input);
      case "secretsmanager" -> first(input, "SecretId", "Name");
      case "ssm" -> arn(context, "ssm", "parameter/", first(input, "Name").replaceFirst("^/", ""));
      case "logs" ->
          arn(context, "logs", "log-group:", first(input, "logGroupName")) + logStream(input);
      default -> ANY;
    };
  }

  private static String ofEcs(CallContext context, JsonNode input) {
    String cluster = nameIn(first(input, "cluster"));
    String definition = first(input, "taskDefinition");
    if (!definition.equals(ANY)) {
      return arn(context, "ecs", "task-definition/", definition);
    }
    String task = first(input, "task");
    if (!task.equals(ANY)) {
      return arn(context, "ecs", "task/" + (cluster.equals(ANY) ? "default" : cluster) + "/", task);
    }
    String resource = first(input, "resourceArn");
    return resource.equals(ANY) ? arn(context, "ecs", "cluster/", cluster) : resource;
  }

  private static String nameIn(String nameOrArn) {
    return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
  }

  private static String logStream(JsonNode input) {
    String stream = first(input, "logStreamName");
    if (first(input, "logGroupName").equals(ANY)) {
      return "";
    }
    return ":log-stream:" + (stream.equals(ANY) ? "" : stream);
  }

  private static String arn(CallContext context, String service, String kind, String name) {
    if (name.equals(ANY) || Arn.parse(name).isPresent()) {
      return name;
    }
    return "arn:aws:%s:%s:%s:%s%s"
        .formatted(service, context.region(), context.accountId(), kind, name);
  }

  private static String first(JsonNode input, String... members) {
    for (String member : members) {
      if (input.path(member).isTextual() && !input.path(member).asText().isEmpty()) {
        return input.path(member).asText();
      }
    }
    return ANY;
  }
}
