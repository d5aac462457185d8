package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.Rule.container;
import static dev.berth.control.declaration.Rule.task;
import static dev.berth.control.declaration.Rule.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Log drivers and their options, in AWS's words as public reports quote them. */
final class LogRules {
  private static final String AWSLOGS = "awslogs";
  private static final String FIRELENS = "awsfirelens";
  private static final Set<String> FARGATE_DRIVERS = Set.of(AWSLOGS, "splunk", FIRELENS);

  /** In the order in which AWS names them. */
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          AWSLOGS,
          List.of("awslogs-region", "awslogs-group"),
          "splunk",
          List.of("splunk-url", "splunk-token"));

  private static final String ENDPOINT = "awslogs-endpoint";

  /** AWS takes it; to keep the lines here all the same would be to ignore what is asked for. */
  private static final String ENDPOINT_REFUSED =
      "Berth keeps what the awslogs driver is given in its own log groups and sends it to no other"
          + " endpoint. Leave 'awslogs-endpoint' out.";

  private static final Set<String> AWSLOGS_OPTIONS =
      Set.of(
          "awslogs-group",
          "awslogs-region",
          "awslogs-stream-prefix",
          "awslogs-create-group",
          "awslogs-datetime-format",
          "awslogs-multiline-pattern",
          ENDPOINT,
          "mode",
          "max-buffer-size");

  private LogRules() {}

  static final List<Rule> EVERY_TASK =
      List.of(
          container("logConfiguration.options", (container, _) -> missing(log(container))),
          container((container, _) -> disallowed(log(container))),
          container(
              "logConfiguration.options.mode",
              (container, _) -> mode(log(container).path("options"))),
          container(
              "logConfiguration.options." + ENDPOINT,
              (container, _) -> when(hasEndpoint(log(container)), ENDPOINT_REFUSED)),
          task("containerDefinitions", (task, _) -> router(task)));

  static final List<Rule> FARGATE =
      List.of(
          container("logConfiguration.logDriver", (container, _) -> unknown(driver(container))),
          container(
              "logConfiguration.logDriver",
              (container, task) ->
                  when(
                      driver(container).equals(AWSLOGS) && !has(task, "executionRoleArn"),
                      "Fargate requires task definition to have execution role ARN to support log"
                          + " driver awslogs.")),
          container(
              "logConfiguration.options",
              (container, _) ->
                  when(
                      driver(container).equals(AWSLOGS)
                          && !has(log(container).path("options"), "awslogs-stream-prefix"),
                      "Fargate requires log configuration options to include awslogs-stream-prefix"
                          + " to support log driver awslogs.")),
          container(
              "firelensConfiguration.options",
              (container, _) ->
                  when(
                      container
                          .at("/firelensConfiguration/options/config-file-type")
                          .asText()
                          .equals("s3"),
                      "Fargate launch type does not support FirelensConfiguration config file from"
                          + " 's3'")));

  private static JsonNode log(JsonNode container) {
    return container.path("logConfiguration");
  }

  private static String driver(JsonNode container) {
    return log(container).path("logDriver").asText();
  }

  private static Optional<String> unknown(String driver) {
    return when(
        !driver.isEmpty() && !FARGATE_DRIVERS.contains(driver),
        driver + " is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]");
  }

  private static Optional<String> missing(JsonNode log) {
    Set<String> given = new TreeSet<>();
    log.path("options").fieldNames().forEachRemaining(given::add);
    objects(log, "secretOptions").forEach(option -> given.add(option.path("name").asText()));
    String driver = log.path("logDriver").asText();
    List<String> missing =
        REQUIRED.getOrDefault(driver, List.of()).stream()
            .filter(option -> !given.contains(option))
            .toList();
    return when(
        !missing.isEmpty(),
        "Log driver " + driver + " requires options: " + String.join(", ", missing));
  }

  private static Stream<Violation> disallowed(JsonNode log) {
    if (!log.path("logDriver").asText().equals(AWSLOGS)) {
      return Stream.empty();
    }
    Set<String> names = new TreeSet<>();
    log.path("options").fieldNames().forEachRemaining(names::add);
    names.removeAll(AWSLOGS_OPTIONS);
    return when(
        !names.isEmpty(),
        "logConfiguration.options",
        names.stream()
            .collect(Collectors.joining(", ", "Log driver awslogs disallows options: ", "")));
  }

  private static boolean hasEndpoint(JsonNode log) {
    return log.path("logDriver").asText().equals(AWSLOGS) && has(log.path("options"), ENDPOINT);
  }

  /** What a definition may have that was registered before it was refused. */
  static Optional<Violation> endpoint(JsonNode container, String path) {
    return when(hasEndpoint(log(container)), ENDPOINT_REFUSED)
        .map(text -> new Violation(path + ".logConfiguration.options." + ENDPOINT, text));
  }

  private static Optional<String> mode(JsonNode options) {
    return when(
        has(options, "mode")
            && !Set.of("blocking", "non-blocking").contains(options.path("mode").asText()),
        "The log driver's 'mode' must be blocking or non-blocking.");
  }

  /** A router needs someone to route for, and the other way round; the latter's words are ours. */
  private static Optional<String> router(ObjectNode task) {
    List<ObjectNode> containers = objects(task, "containerDefinitions");
    long routers = containers.stream().filter(each -> has(each, "firelensConfiguration")).count();
    boolean routed = containers.stream().anyMatch(each -> driver(each).equals(FIRELENS));
    if (routers > 0 && !routed) {
      return Optional.of(
          "When a firelensConfiguration object is specified, at least one container has to be"
              + " configured with the awsfirelens log driver.");
    }
    return when(
        routers > 1 || (routed && routers == 0),
        "When a container uses the awsfirelens log driver, exactly one container must have a"
            + " firelensConfiguration object.");
  }
}
