package dev.berth.agent.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.api.TaskApi;
import dev.berth.agent.credentials.HeldCredentials;
import dev.berth.agent.journal.TaskRecord;
import dev.berth.agent.network.LinkLocalService.Answer;
import dev.berth.agent.network.LinkLocalService.Question;
import dev.berth.agent.task.HostTasks;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's protection from being stopped by its service, asked for and told from within: ECS is
 * called with the credentials of the task's role, and its answer is handed on.
 *
 * <p>Facts: the sources and tests of AWS's own agent, for the forms, the words and the order in
 * which things are checked.
 */
public final class ProtectionEndpoint {
  private static final Pattern PATH =
      Pattern.compile("/api/([a-zA-Z0-9-]+)/task-protection/v1/state/?");

  private static final String INVALID = "InvalidParameterException";
  private static final String ENABLED = "protectionenabled";
  private static final String EXPIRES = "expiresinminutes";
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final int OK_BOUND = 300;
  private static final int MILLIS_PER_SECOND = 1_000;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Logger LOG = LoggerFactory.getLogger(ProtectionEndpoint.class);

  private final HostTasks tasks;
  private final HeldCredentials held;
  private final TaskApi api;

  public ProtectionEndpoint(HostTasks tasks, HeldCredentials held, TaskApi api) {
    this.tasks = tasks;
    this.held = held;
    this.api = api;
  }

  static boolean isPath(String path) {
    return PATH.matcher(path).matches();
  }

  /** A wish as it was sent; what is absent was not. */
  private record Wish(Optional<Boolean> enabled, Optional<Long> expiresInMinutes) {}

  /** Answers GET and PUT. */
  Answer answer(TaskId caller, Question question) throws IOException, InterruptedException {
    boolean update = question.method().equals("PUT");
    Optional<Wish> wish = update ? wish(question.body()) : Optional.empty();
    if (update && wish.isEmpty()) {
      return error(400, "", INVALID, "UpdateTaskProtection: failed to decode request");
    }
    var matcher = PATH.matcher(question.path());
    Optional<TaskRecord> task =
        tasks
            .find(caller)
            .filter(
                record ->
                    matcher.matches()
                        && TaskMetadata.container(record, matcher.group(1)).isPresent());
    if (task.isEmpty()) {
      return error(404, "", "ResourceNotFoundException", "Failed to find a task for the request");
    }
    String arn = TaskMetadata.arn(task.get());
    if (wish.isPresent() && wish.get().enabled().isEmpty()) {
      return error(
          400, arn, INVALID, "Invalid request: does not contain 'ProtectionEnabled' field");
    }
    Optional<RoleCredentials> role = held.of(caller, WAIT);
    if (role.isEmpty()) {
      return error(
          403,
          arn,
          "AccessDeniedException",
          "Invalid Request: no task IAM role credentials available for task");
    }
    return ask(task.get(), arn, role.get(), wish);
  }

  private Answer ask(TaskRecord task, String arn, RoleCredentials role, Optional<Wish> wish) {
    var spec = task.assignment().spec();
    ObjectNode input = JSON.objectNode().put("cluster", spec.cluster());
    input.putArray("tasks").add(arn);
    wish.flatMap(Wish::enabled).ifPresent(enabled -> input.put("protectionEnabled", enabled));
    wish.flatMap(Wish::expiresInMinutes).ifPresent(count -> input.put("expiresInMinutes", count));
    String operation = wish.isPresent() ? "UpdateTaskProtection" : "GetTaskProtection";
    try {
      var reply = api.ecs(role.credentials(), spec.realm().region(), operation, input);
      return reply.status() < OK_BOUND ? told(reply.body(), arn) : refused(reply, arn);
    } catch (TaskApi.TimedOut late) {
      return error(504, arn, "RequestCanceled", "Timed out calling ECS Task Protection API");
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("task", task.id()).setCause(e).log("ECS cannot be asked");
      return error(500, arn, "ServerException", "The API cannot be reached");
    }
  }

  private static Answer refused(TaskApi.Reply reply, String arn) {
    String type = reply.body().path("__type").asText();
    var answer = JSON.objectNode();
    answer.put("requestID", reply.requestId());
    answer.set(
        "error",
        errorNode(
            arn,
            type.substring(type.indexOf('#') + 1),
            reply.body().path("message").asText(reply.body().path("Message").asText())));
    return new Answer(reply.status(), answer.toString());
  }

  private static Answer told(JsonNode reply, String arn) {
    JsonNode failures = reply.path("failures");
    JsonNode tasks = reply.path("protectedTasks");
    if (failures.size() > 1 || (failures.isEmpty() && tasks.size() != 1)) {
      return error(500, arn, "ServerException", "Unexpected error occurred");
    }
    var answer = JSON.objectNode();
    if (failures.isEmpty()) {
      var task = tasks.get(0);
      answer
          .putObject("protection")
          .<ObjectNode>set("ExpirationDate", date(task.path("expirationDate")))
          .put("ProtectionEnabled", task.path("protectionEnabled").asBoolean())
          .put("TaskArn", task.path("taskArn").asText());
    } else {
      var failure = failures.get(0);
      answer
          .putObject("failure")
          .<ObjectNode>set("Arn", orNull(failure.path("arn")))
          .<ObjectNode>set("Detail", orNull(failure.path("detail")))
          .set("Reason", orNull(failure.path("reason")));
    }
    return new Answer(200, answer.toString());
  }

  private static JsonNode orNull(JsonNode node) {
    return node.isTextual() ? node : JSON.nullNode();
  }

  private static JsonNode date(JsonNode epochSeconds) {
    return epochSeconds.isNumber()
        ? JSON.textNode(
            Instant.ofEpochMilli(Math.round(epochSeconds.asDouble() * MILLIS_PER_SECOND))
                .toString())
        : JSON.nullNode();
  }

  /** Members by their names in any case, as AWS's agent reads them; nothing for another shape. */
  private static Optional<Wish> wish(String body) {
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (JsonProcessingException malformed) {
      return Optional.empty();
    }
    if (!node.isObject()) {
      return Optional.empty();
    }
    Map<String, JsonNode> members = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    JsonNode enabled = members.getOrDefault(ENABLED, JSON.nullNode());
    JsonNode expires = members.getOrDefault(EXPIRES, JSON.nullNode());
    members.remove(ENABLED);
    members.remove(EXPIRES);
    boolean wellFormed =
        (enabled.isNull() || enabled.isBoolean())
            && (expires.isNull() || (expires.isIntegralNumber() && expires.canConvertToLong()));
    return members.isEmpty() && wellFormed
        ? Optional.of(
            new Wish(
                Optional.of(enabled).filter(JsonNode::isBoolean).map(JsonNode::asBoolean),
                Optional.of(expires).filter(JsonNode::isNumber).map(JsonNode::asLong)))
        : Optional.empty();
  }

  private static Answer error(int status, String arn, String code, String message) {
    var answer = JSON.objectNode();
    answer.set("error", errorNode(arn, code, message));
    return new Answer(status, answer.toString());
  }

  private static ObjectNode errorNode(String arn, String code, String message) {
    var error = JSON.objectNode();
    if (!arn.isEmpty()) {
      error.put("Arn", arn);
    }
    return error.put("Code", code).put("Message", message);
  }
}
