package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.number;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.DeclaredTree.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.task.Supervision;
import dev.berth.model.task.Supervision.Condition;
import dev.berth.model.task.Supervision.Dependency;
import dev.berth.model.task.Supervision.HealthCheck;
import dev.berth.model.task.Supervision.RestartPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Compiles what a container depends on, its health check and its restart policy. Pure. */
final class SupervisionCompiler {
  /** ECS's own, where the declaration is silent. */
  private static final int INTERVAL_SECONDS_DEFAULT = 30;

  private static final int TIMEOUT_SECONDS_DEFAULT = 5;
  private static final int RETRIES_DEFAULT = 3;

  private SupervisionCompiler() {}

  static Supervision compile(ObjectNode container) {
    return new Supervision(
        objects(container, "dependsOn").stream().map(SupervisionCompiler::dependency).toList(),
        number(container, "startTimeout"),
        healthCheck(container.path("healthCheck")),
        restartPolicy(container.path("restartPolicy")));
  }

  private static Dependency dependency(ObjectNode dependency) {
    return new Dependency(
        dependency.path("containerName").asText(),
        Condition.valueOf(dependency.path("condition").asText()));
  }

  /** The form NONE declares that there is no check. */
  private static Optional<HealthCheck> healthCheck(JsonNode check) {
    List<String> command = texts(check, "command");
    if (command.size() < 2 || command.getFirst().equals("NONE")) {
      return Optional.empty();
    }
    List<String> words = command.subList(1, command.size());
    return Optional.of(
        new HealthCheck(
            command.getFirst().equals("CMD-SHELL")
                ? List.of("/bin/sh", "-c", String.join(" ", words))
                : words,
            number(check, "interval").orElse(INTERVAL_SECONDS_DEFAULT),
            number(check, "timeout").orElse(TIMEOUT_SECONDS_DEFAULT),
            number(check, "retries").orElse(RETRIES_DEFAULT),
            number(check, "startPeriod").orElse(0)));
  }

  private static Optional<RestartPolicy> restartPolicy(JsonNode policy) {
    if (!has(policy, "enabled") || !policy.path("enabled").asBoolean()) {
      return Optional.empty();
    }
    var ignored = new HashSet<Integer>();
    policy.path("ignoredExitCodes").forEach(code -> ignored.add(code.asInt()));
    return Optional.of(
        new RestartPolicy(
            ignored,
            number(policy, "restartAttemptPeriod")
                .orElse(RestartPolicy.ATTEMPT_PERIOD_SECONDS_DEFAULT)));
  }
}
