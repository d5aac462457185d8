package dev.berth.api.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A service of Berth's own: AWS JSON 1.1 on the wire, signed like AWS's, over plain JSON objects.
 *
 * @param signingName the service in credential scopes
 * @param targetPrefix what X-Amz-Target starts with, without the dot
 * @param operations by name
 */
public record JsonService(
    String signingName, String targetPrefix, Map<String, JsonOperation> operations) {

  public JsonService {
    operations = Map.copyOf(operations);
  }

  /** One operation; it throws {@link ApiException} for what the client should see. */
  @FunctionalInterface
  public interface JsonOperation {
    /** Answers a JSON object with a JSON object. */
    JsonNode call(CallContext context, JsonNode request);
  }
}
