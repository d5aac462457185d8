package dev.berth.agent.metadata;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.agent.credentials.HeldCredentials;
import dev.berth.agent.network.LinkLocalService.Answer;
import dev.berth.agent.task.HostTasks;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskRole;
import java.io.IOException;
import java.time.Duration;

/**
 * Gives a task the credentials of its own role, by the path that its variable names.
 *
 * <p>To know another task's path is not enough: who asks is known by where its packets come from.
 * Facts: the sources of AWS's own agent.
 */
public final class CredentialsEndpoint {
  private static final String PATH = "/v2/credentials";
  private static final String PREFIX = "CredentialsV2Request: ";

  /** An SDK gives up after a second or two, and asks again. */
  private static final Duration WAIT = Duration.ofMillis(800);

  private static final int BAD_REQUEST = 400;
  private static final int UNAVAILABLE = 503;

  private final HostTasks tasks;
  private final HeldCredentials held;

  public CredentialsEndpoint(HostTasks tasks, HeldCredentials held) {
    this.tasks = tasks;
    this.held = held;
  }

  static boolean isPath(String path) {
    return path.equals(PATH) || path.startsWith(PATH + "/");
  }

  Answer answer(TaskId caller, String path) throws IOException, InterruptedException {
    var id = path.equals(PATH) ? "" : path.substring(PATH.length() + 1);
    if (id.isEmpty()) {
      return refusal("NoIdInRequest", "No Credential ID in the request", BAD_REQUEST);
    }
    boolean own =
        tasks
            .find(caller)
            .flatMap(record -> record.assignment().spec().role())
            .map(TaskRole::credentialsId)
            .filter(id::equals)
            .isPresent();
    if (!own) {
      return refusal("InvalidIdInRequest", "Credentials not found", BAD_REQUEST);
    }
    return held.of(caller, WAIT)
        .map(CredentialsEndpoint::of)
        .orElseGet(
            () ->
                refusal(
                    "CredentialsUninitialized", "Credentials uninitialized for ID", UNAVAILABLE));
  }

  private static Answer of(RoleCredentials valid) {
    var credentials = valid.credentials();
    return new Answer(
        200,
        JsonNodeFactory.instance
            .objectNode()
            .put("RoleArn", valid.role().value())
            .put("AccessKeyId", credentials.accessKeyId())
            .put("SecretAccessKey", credentials.secretAccessKey())
            .put("Token", credentials.sessionToken())
            .put("Expiration", valid.expiresAt().toString())
            .toString());
  }

  private static Answer refusal(String code, String message, int status) {
    return new Answer(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("code", code)
            .put("message", PREFIX + message)
            .put("HTTPErrorCode", status)
            .toString());
  }
}
