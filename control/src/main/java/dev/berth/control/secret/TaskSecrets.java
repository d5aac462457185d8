package dev.berth.control.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Opens what tasks refer to, for the hosts that launch them. */
public final class TaskSecrets {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Secrets secrets;
  private final Parameters parameters;

  public TaskSecrets(Secrets secrets, Parameters parameters) {
    this.secrets = secrets;
    this.parameters = parameters;
  }

  /** Something that a task refers to cannot be had; the message names it, in AWS's words. */
  public static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    private Missing(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The values of a task's secrets.
   *
   * @param references by container and variable
   */
  public Map<String, Map<String, String>> open(
      State state, Realm realm, Map<String, Map<String, String>> references, Instant now)
      throws Missing {
    var values = new HashMap<String, Map<String, String>>();
    for (var container : references.entrySet()) {
      var ofContainer = new HashMap<String, String>();
      for (var reference : container.getValue().entrySet()) {
        ofContainer.put(reference.getKey(), open(state, realm, reference.getValue(), now));
      }
      values.put(container.getKey(), ofContainer);
    }
    return values;
  }

  private String open(State state, Realm realm, String text, Instant now) throws Missing {
    return switch (SecretReference.parse(realm, text)) {
      case SecretReference.OfParameter(Realm home, String reference) ->
          parameter(state, home, reference);
      case SecretReference.OfSecret secret -> secret(state, secret, text, now);
      case SecretReference.OfNothing(String nothing) ->
          throw new Missing(
              "unable to retrieve secret: "
                  + nothing
                  + " is no secret or parameter of this account");
    };
  }

  private String parameter(State state, Realm realm, String reference) throws Missing {
    try {
      var found = Parameters.find(state, realm, reference);
      return parameters.shown(found.parameter(), found.version(), true);
    } catch (ParameterRefused refused) {
      throw new Missing("unable to retrieve secrets from ssm: invalid parameters: " + reference);
    }
  }

  private String secret(State state, SecretReference.OfSecret secret, String text, Instant now)
      throws Missing {
    SecretValue value;
    try {
      value =
          secrets
              .open(state, secret.realm(), secret.arn(), secret.versionId(), secret.stage(), now)
              .value();
    } catch (SecretRefused refused) {
      throw notFetched(
          "failed to fetch secret " + text + " from secrets manager: " + refused.text());
    }
    if (value.binary()) {
      throw notFetched("secret " + text + " is binary, and no variable can hold it");
    }
    String clear = new String(value.bytes(), UTF_8);
    return secret.jsonKey().isEmpty() ? clear : member(clear, secret.jsonKey().get(), text);
  }

  private static String member(String clear, String key, String text) throws Missing {
    JsonNode object;
    try {
      object = JSON.readTree(clear);
    } catch (JsonProcessingException e) {
      // What is wrong with it would show a part of it.
      throw notFetched("secret " + text + " is not JSON, so it has no key " + key);
    }
    JsonNode member = object.path(key);
    if (member.isMissingNode()) {
      throw notFetched(
          "retrieved secret from Secrets Manager did not contain json key " + key + ": " + text);
    }
    return member.isTextual() ? member.textValue() : member.toString();
  }

  private static Missing notFetched(String why) {
    return new Missing("unable to retrieve secret from asm: " + why);
  }
}
