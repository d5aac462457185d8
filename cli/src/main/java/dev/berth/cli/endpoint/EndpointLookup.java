package dev.berth.cli.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.cli.endpoint.CallFailed.NoEndpoint;
import dev.berth.model.signature.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Finds the endpoint: in AWS's own variables if they name one and a key for it, else in the file
 * that the server writes into its data folder for root alone.
 *
 * <p>A key in the environment without an endpoint is one for AWS, so it is never sent to Berth.
 */
public final class EndpointLookup {
  private static final String DATA_STANDARD = "/var/lib/berth";
  private static final String OPERATOR_FILE = "operator.json";
  private static final String REGION_STANDARD = "us-east-1";

  private final Map<String, String> environment;

  /** A lookup in these environment variables. */
  public EndpointLookup(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** The endpoint that a command talks to. */
  public Endpoint find() {
    String url = variable("AWS_ENDPOINT_URL", "");
    String key = variable("AWS_ACCESS_KEY_ID", "");
    String secret = variable("AWS_SECRET_ACCESS_KEY", "");
    if (url.isEmpty() || key.isEmpty() || secret.isEmpty()) {
      return ofDataFolder(dataFolder());
    }
    String region = variable("AWS_REGION", variable("AWS_DEFAULT_REGION", REGION_STANDARD));
    var credentials = new Credentials(key, secret, variable("AWS_SESSION_TOKEN", ""));
    return new Endpoint(URI.create(url), region, credentials);
  }

  /** The data folder of the server on this machine. */
  public Path dataFolder() {
    return Path.of(variable("BERTH_DATA", DATA_STANDARD));
  }

  /** The endpoint of the server that keeps its data there, whatever the environment says. */
  public Endpoint ofDataFolder(Path data) {
    Path file = data.resolve(OPERATOR_FILE);
    JsonNode operator = read(file);
    return new Endpoint(
        URI.create(text(operator, "endpoint", file)),
        text(operator, "region", file),
        new Credentials(
            text(operator, "accessKeyId", file), text(operator, "secretAccessKey", file)));
  }

  private String variable(String name, String standard) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? standard : value;
  }

  private static JsonNode read(Path file) {
    try {
      return new JsonMapper().readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new NoEndpoint(file, "is not there");
    } catch (AccessDeniedException e) {
      throw new NoEndpoint(file, "may be read by root alone");
    } catch (IOException e) {
      throw new NoEndpoint(file, "cannot be read (" + e.getMessage() + ")");
    }
  }

  private static String text(JsonNode operator, String member, Path file) {
    String text = operator.path(member).asText();
    if (text.isEmpty()) {
      throw new NoEndpoint(file, "names no " + member);
    }
    return text;
  }
}
