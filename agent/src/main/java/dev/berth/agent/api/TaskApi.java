package dev.berth.agent.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.identity.Region;
import dev.berth.model.signature.Credentials;
import java.io.IOException;

/** Calls operations of ECS with the credentials of a task's role. */
public interface TaskApi {
  /** For an agent that was told no address of the API. */
  TaskApi NONE =
      (_, _, _, _) -> {
        throw new IOException("this host knows no address of the API");
      };

  /**
   * What was answered.
   *
   * @param status HTTP's
   * @param body JSON; an error's has {@code __type} and {@code message}
   */
  record Reply(int status, String requestId, JsonNode body) {}

  /**
   * Calls an operation.
   *
   * @throws TimedOut if no answer comes in time
   * @throws IOException if there is no answer for another reason
   */
  Reply ecs(Credentials caller, Region region, String operation, JsonNode input) throws IOException;

  /** No answer came in time; the operation may have been done. */
  final class TimedOut extends IOException {
    private static final long serialVersionUID = 1L;

    public TimedOut(String operation, Throwable cause) {
      super("no answer to " + operation + " in time", cause);
    }
  }
}
