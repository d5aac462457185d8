package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.Rule.container;
import static dev.berth.control.declaration.Rule.elements;
import static dev.berth.control.declaration.Rule.when;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a container's variables come from: at registration, and again when a start overrides them.
 *
 * <p>That secrets need an execution role and names of their own is in AWS's words.
 */
final class EnvironmentRules {
  private static final int FILE_COUNT_MAX = 10;

  /** An object of S3 whose name ends as ECS demands. */
  private static final Pattern FILE_ARN = Pattern.compile("arn:aws[a-z-]*:s3:::[^/]+/.+\\.env");

  private static final String ROLE_NEEDED =
      "When you are specifying container secrets, you must also specify a value for"
          + " 'executionRoleArn'.";

  private EnvironmentRules() {}

  static final List<Rule> ALL =
      List.of(
          container(EnvironmentRules::variables),
          container(EnvironmentRules::files),
          container(
              "secrets",
              (container, task) -> when(has(container, "secrets") && noRole(task), ROLE_NEEDED)),
          container(EnvironmentRules::secrets),
          container(
              "repositoryCredentials",
              (container, task) ->
                  when(
                      has(container, "repositoryCredentials") && noRole(task),
                      "When you are specifying container repositoryCredentials, you must also"
                          + " specify a value for 'executionRoleArn'.")));

  private static boolean noRole(ObjectNode task) {
    return !has(task, "executionRoleArn");
  }

  private static Stream<Violation> variables(ObjectNode container, ObjectNode task) {
    return elements(container, "environment")
        .filter(variable -> variable.node().path("name").asText().isEmpty())
        .map(
            variable ->
                variable.violation(
                    "name",
                    EveryTaskRules.invalid(container)
                        + "The name of an environment variable should not be null or empty."));
  }

  private static Stream<Violation> files(ObjectNode container, ObjectNode task) {
    Stream<Violation> count =
        when(
            container.path("environmentFiles").size() > FILE_COUNT_MAX,
            "environmentFiles",
            "A container can have at most 10 environment files.");
    Stream<Violation> names =
        elements(container, "environmentFiles")
            .filter(file -> !FILE_ARN.matcher(file.node().path("value").asText()).matches())
            .map(
                file ->
                    file.violation(
                        "value",
                        "An environment file must be the ARN of an S3 object whose name ends with"
                            + " '.env'."));
    return Stream.concat(count, names);
  }

  private static Stream<Violation> secrets(ObjectNode container, ObjectNode task) {
    Set<String> taken = new HashSet<>();
    objects(container, "environment")
        .forEach(variable -> taken.add(variable.path("name").asText()));
    return elements(container, "secrets")
        .flatMap(
            secret -> {
              String name = secret.node().path("name").asText();
              if (name.isEmpty() || !has(secret.node(), "valueFrom")) {
                return Stream.of(
                    secret.violation(
                        name.isEmpty() ? "name" : "valueFrom",
                        EveryTaskRules.invalid(container)
                            + "A secret must have a 'name' and a 'valueFrom'."));
              }
              return taken.add(name)
                  ? Stream.empty()
                  : Stream.of(
                      secret.violation(
                          "name",
                          "The secret name must be unique and not shared with any new or existing"
                              + " environment variables set on the container, such as '"
                              + name
                              + "'."));
            });
  }
}
