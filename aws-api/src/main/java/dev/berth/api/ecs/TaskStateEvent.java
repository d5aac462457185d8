package dev.berth.api.ecs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.protocol.ShapeText;
import dev.berth.control.event.TaskStateChange;
import dev.berth.model.task.Task;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/**
 * A change of a task as EventBridge delivers it: {@code ECS Task State Change}, whose detail is the
 * task as DescribeTasks shows it, with times as text and {@code updatedAt}.
 */
public final class TaskStateEvent {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TIME_SUFFIX = "At";
  private static final double MILLIS_PER_SECOND = 1e3;

  private TaskStateEvent() {}

  /** The event of a change; the same change has the same id whenever it is asked for. */
  public static ObjectNode of(TaskStateChange change) {
    Task task = change.task();
    ObjectNode event = JSON.createObjectNode();
    event.put("version", "0").put("id", id(task)).put("detail-type", "ECS Task State Change");
    event.put("source", "aws.ecs").put("account", task.spec().realm().account().value());
    event.put("time", change.at().truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("region", task.spec().realm().region().value());
    event.putArray("resources").add(task.arn().toString());
    event.set("detail", detail(change));
    return event;
  }

  private static String id(Task task) {
    return UUID.nameUUIDFromBytes((task.id() + "/" + task.version()).getBytes(UTF_8)).toString();
  }

  private static ObjectNode detail(TaskStateChange change) {
    String text = ShapeText.of(TaskShape.of(change.task(), false));
    try {
      var detail = (ObjectNode) JSON.readTree(text);
      for (Map.Entry<String, JsonNode> member : detail.properties()) {
        if (member.getKey().endsWith(TIME_SUFFIX) && member.getValue().isNumber()) {
          member.setValue(JSON.getNodeFactory().textNode(time(member.getValue().asDouble())));
        }
      }
      return detail.put("updatedAt", time(change.at().toEpochMilli() / MILLIS_PER_SECOND));
    } catch (JsonProcessingException ours) {
      throw new IllegalStateException("a shape was not written as JSON", ours);
    }
  }

  private static String time(double epochSeconds) {
    return Instant.ofEpochMilli(Math.round(epochSeconds * MILLIS_PER_SECOND)).toString();
  }
}
