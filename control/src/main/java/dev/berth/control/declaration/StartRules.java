package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.number;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.Rule.container;
import static dev.berth.control.declaration.Rule.elements;
import static dev.berth.control.declaration.Rule.task;
import static dev.berth.control.declaration.Rule.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.control.declaration.Rule.Element;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How containers start, wait for each other, are found healthy and are started again.
 *
 * <p>The ranges are of the official model's documentation; what AWS says of them is not known, but
 * for a dependency on an essential container.
 */
final class StartRules {
  private static final int IGNORED_EXIT_CODE_COUNT_MAX = 50;

  private StartRules() {}

  static final List<Rule> ALL =
      List.of(
          container(StartRules::dependencies),
          task("containerDefinitions", (task, _) -> StartOrder.complaint(task)),
          container((container, _) -> range(container, "", "startTimeout", 2, 120)),
          container((container, _) -> range(container, "", "stopTimeout", 2, 120)),
          container((container, _) -> healthCheck(container.path("healthCheck"))),
          container((container, _) -> restartPolicy(container.path("restartPolicy"))));

  private static Stream<Violation> dependencies(ObjectNode container, ObjectNode task) {
    return elements(container, "dependsOn")
        .flatMap(dependency -> dependency(container, task, dependency));
  }

  private static Stream<Violation> dependency(
      ObjectNode container, ObjectNode task, Element dependency) {
    String name = dependency.node().path("containerName").asText();
    String condition = dependency.node().path("condition").asText();
    String self = EveryTaskRules.invalid(container);
    Optional<ObjectNode> target =
        objects(task, "containerDefinitions").stream()
            .filter(it -> it.path("name").asText().equals(name))
            .findFirst();
    if (target.isEmpty()) {
      return Stream.of(
          dependency.violation(
              "containerName", self + "Unknown container '" + name + "' in dependsOn."));
    }
    boolean mustEnd = Set.of("SUCCESS", "COMPLETE").contains(condition);
    if (mustEnd && EveryTaskRules.isEssential(target.get())) {
      return Stream.of(
          dependency.violation(
              "condition",
              "A dependency container with SUCCESS or COMPLETE condition cannot be an essential"
                  + " container."));
    }
    if (condition.equals("HEALTHY") && !has(target.get(), "healthCheck")) {
      return Stream.of(
          dependency.violation(
              "condition",
              self
                  + "The dependency container '"
                  + name
                  + "' with HEALTHY condition must have a health check."));
    }
    return Stream.empty();
  }

  private static Stream<Violation> healthCheck(JsonNode check) {
    if (check.isMissingNode()) {
      return Stream.empty();
    }
    String form = check.path("command").path(0).asText();
    boolean known = Set.of("CMD", "CMD-SHELL", "NONE").contains(form);
    boolean runs = form.equals("NONE") || check.path("command").size() > 1;
    String parent = "healthCheck";
    return Stream.of(
            when(
                !known,
                parent + ".command",
                "The healthCheck command must start with CMD or CMD-SHELL."),
            when(
                known && !runs,
                parent + ".command",
                "The healthCheck command names nothing to run after " + form + "."),
            range(check, parent, "interval", 5, 300),
            range(check, parent, "timeout", 2, 60),
            range(check, parent, "retries", 1, 10),
            range(check, parent, "startPeriod", 0, 300))
        .flatMap(found -> found);
  }

  private static Stream<Violation> restartPolicy(JsonNode policy) {
    String parent = "restartPolicy";
    return Stream.concat(
        range(policy, parent, "restartAttemptPeriod", 60, 1800),
        when(
            policy.path("ignoredExitCodes").size() > IGNORED_EXIT_CODE_COUNT_MAX,
            parent + ".ignoredExitCodes",
            "restartPolicy: There can be at most 50 'ignoredExitCodes'."));
  }

  /** Of a member that may be left out; the text names its parent, unless that is the container. */
  static Stream<Violation> range(JsonNode parent, String name, String member, int min, int max) {
    int value = number(parent, member).orElse(min);
    String demand = max == Integer.MAX_VALUE ? "at least " + min : "between " + min + " and " + max;
    return when(
        value < min || value > max,
        name.isEmpty() ? member : name + "." + member,
        (name.isEmpty() ? "" : name + ": ")
            + "'"
            + member
            + "' is "
            + value
            + " but must be "
            + demand
            + ".");
  }
}
