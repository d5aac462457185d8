package dev.berth.control.command.vpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Set;

/**
 * The policy of a VPC endpoint. It is kept and shown as it was declared, and nothing looks at it
 * when a call comes through the endpoint: so it may be none that forbids anything.
 */
public final class EndpointPolicy {
  /** What an endpoint has whose policy nobody declared. */
  public static final String FULL_ACCESS =
      """
      {
        "Statement": [
          {
            "Action": "*",
            "Effect": "Allow",
            "Principal": "*",
            "Resource": "*"
          }
        ]
      }""";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> MEMBERS_OF_FULL_ACCESS =
      Set.of("Sid", "Effect", "Principal", "Action", "Resource");

  private EndpointPolicy() {}

  /** Refuses what is no policy, and one that does not let everything through. */
  public static void check(String document) throws NetworkRefused {
    JsonNode policy;
    try {
      policy = JSON.readTree(document);
    } catch (JsonProcessingException e) {
      throw invalid();
    }
    List<JsonNode> statements = all(policy.path("Statement"));
    if (!policy.isObject()
        || statements.isEmpty()
        || !statements.stream().allMatch(JsonNode::isObject)) {
      throw invalid();
    }
    boolean isFullAccess =
        statements.stream().allMatch(each -> each.path("Effect").asText().equals("Allow"))
            && statements.stream().anyMatch(EndpointPolicy::allowsEverything);
    if (!isFullAccess) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED,
          "The policy of a VPC endpoint is not enforced in Berth: only full access can be declared.");
    }
  }

  private static NetworkRefused invalid() {
    return new NetworkRefused(
        NetworkError.INVALID_POLICY_DOCUMENT,
        "The specified policy document is not a valid JSON policy document.");
  }

  private static boolean allowsEverything(JsonNode statement) {
    JsonNode principal = statement.path("Principal");
    return statement.properties().stream()
            .allMatch(member -> MEMBERS_OF_FULL_ACCESS.contains(member.getKey()))
        && isEverything(principal.isObject() ? principal.path("AWS") : principal)
        && isEverything(statement.path("Action"))
        && isEverything(statement.path("Resource"));
  }

  private static boolean isEverything(JsonNode values) {
    return all(values).stream().anyMatch(value -> value.asText().equals("*"));
  }

  /** The elements of a list, or the one value that stands for such. */
  private static List<JsonNode> all(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    return node.isArray() ? List.copyOf(node.valueStream().toList()) : List.of(node);
  }
}
