package dev.berth.api.berth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.ecs.TaskStateEvent;
import dev.berth.api.gateway.ApiException;
import dev.berth.api.gateway.CallContext;
import dev.berth.control.event.TaskStateChange;
import dev.berth.control.event.TaskStateChanges;
import java.util.List;

/** Reads the events of the caller's account and region, waiting a while for the next. */
final class TaskEventReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE_COUNT_MAX = 100;
  private static final long WAIT_MILLIS_MAX = 20_000;

  private final TaskStateChanges changes;

  TaskEventReader(TaskStateChanges changes) {
    this.changes = changes;
  }

  /**
   * Takes {@code waitMillis} and {@code after}: a number that an earlier reading gave as {@code
   * next}, or 0 for all that is kept. Without one it only says from where to go on.
   */
  JsonNode read(CallContext context, JsonNode request) {
    if (!request.has("after")) {
      return answer(List.of(), changes.newest());
    }
    long after = Math.max(0, request.path("after").asLong(0));
    if (after > changes.newest()) {
      after = 0; // Of an earlier life of the control plane, which counted for itself.
    }
    long waitMillis = Math.clamp(request.path("waitMillis").asLong(0), 0, WAIT_MILLIS_MAX);
    try {
      changes.awaitAfter(after, waitMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException("ServerException", 500, "The server is ending.");
    }
    long newest = changes.newest(); // Asked before, so that nothing between the two is passed over.
    List<TaskStateChange> page = changes.after(after, context.realm(), PAGE_COUNT_MAX);
    return answer(page, page.isEmpty() ? newest : page.getLast().number());
  }

  private static JsonNode answer(List<TaskStateChange> page, long next) {
    ObjectNode answer = JSON.createObjectNode();
    var events = answer.putArray("events");
    page.forEach(change -> events.add(TaskStateEvent.of(change)));
    return answer.put("next", next);
  }
}
