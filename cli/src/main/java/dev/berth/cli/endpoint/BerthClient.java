package dev.berth.cli.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.cli.endpoint.CallFailed.Broken;
import dev.berth.cli.endpoint.CallFailed.NotRunning;
import dev.berth.cli.endpoint.CallFailed.Refused;
import dev.berth.model.signature.RequestSigner;
import dev.berth.model.signature.SignableRequest.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Calls Berth: AWS's operations as any client does, and those of Berth's own operator API.
 *
 * <p>Blocking, one call at a time. It uses the JDK's older HTTP client because that one starts
 * within milliseconds; the newer one loads TLS before it opens a plain connection.
 */
public final class BerthClient {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CONTENT_TYPE = "application/x-amz-json-1.1";
  private static final String ECS_TARGET = "AmazonEC2ContainerServiceV20141113";
  private static final String OPERATOR_TARGET = "Berth_20261123";
  private static final String OPERATOR_SERVICE = "berth";
  private static final String LOAD = "image load";
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  /** Above the longest time for which the server may hold a call back. */
  private static final int READ_TIMEOUT_MILLIS = 60_000;

  /** A large image is unpacked before its upload is answered. */
  private static final int UPLOAD_TIMEOUT_MILLIS = 600_000;

  private static final int UPLOAD_CHUNK_BYTES = 1 << 16;

  static {
    // The JDK would send a POST again when a connection breaks; a task must not be run twice.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private final Endpoint endpoint;
  private final InstantSource time;

  /** A client that signs with this clock. */
  public BerthClient(Endpoint endpoint, InstantSource time) {
    this.endpoint = endpoint;
    this.time = time;
  }

  /** An empty object to fill with an operation's input. */
  public static ObjectNode input() {
    return JSON.createObjectNode();
  }

  /** Whom this client calls. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Calls one of ECS's operations. */
  public JsonNode ecs(String operation, ObjectNode input) {
    return call("ecs", ECS_TARGET, operation, input);
  }

  /** Calls an operation of Berth's own API. */
  public JsonNode operator(String operation, ObjectNode input) {
    return call(OPERATOR_SERVICE, OPERATOR_TARGET, operation, input);
  }

  /**
   * The subnets of the caller's default VPC, one a zone: where a task runs if nobody says where.
   */
  public List<String> defaultSubnets() {
    var subnets = new ArrayList<String>();
    operator("ListDefaultSubnets", input())
        .path("subnets")
        .forEach(each -> subnets.add(each.asText()));
    return subnets;
  }

  /**
   * Loads an OCI or Docker archive into the image store.
   *
   * @param reference the name to give it; empty to keep the names that the archive holds
   * @param progress told how many bytes were sent so far
   */
  public JsonNode loadImage(
      InputStream archive, long sizeBytes, String reference, LongConsumer progress)
      throws IOException {
    String query = reference.isEmpty() ? "" : "?reference=" + URLEncoder.encode(reference, UTF_8);
    URI uri = endpoint.uri().resolve("/_berth/images" + query);
    // The archive is not read twice: its hash is left out of the signature, as S3's clients do.
    var headers =
        List.of(
            new Header("Content-Type", "application/octet-stream"),
            new Header("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"));
    var connection = open(LOAD, uri, OPERATOR_SERVICE, headers, new byte[0]);
    connection.setReadTimeout(UPLOAD_TIMEOUT_MILLIS);
    connection.setFixedLengthStreamingMode(sizeBytes);
    try (OutputStream body = body(LOAD, connection)) {
      send(archive, body, progress);
    } catch (IOException e) {
      // A refusal may come before the upload's end, and then says more than the broken pipe.
      return answer(LOAD, connection);
    }
    return answer(LOAD, connection);
  }

  private static void send(InputStream archive, OutputStream body, LongConsumer progress)
      throws IOException {
    byte[] chunk = new byte[UPLOAD_CHUNK_BYTES];
    long sentBytes = 0;
    for (int count = archive.read(chunk); count >= 0; count = archive.read(chunk)) {
      body.write(chunk, 0, count);
      sentBytes += count;
      progress.accept(sentBytes);
    }
  }

  private JsonNode call(String service, String target, String operation, ObjectNode input) {
    byte[] content = input.toString().getBytes(UTF_8);
    var headers =
        List.of(
            new Header("Content-Type", CONTENT_TYPE),
            new Header("X-Amz-Target", target + "." + operation));
    URI uri = endpoint.uri().resolve("/");
    var connection = open(operation, uri, service, headers, content);
    connection.setFixedLengthStreamingMode(content.length);
    try (OutputStream body = body(operation, connection)) {
      body.write(content);
    } catch (IOException e) {
      throw broken(operation, e);
    }
    return answer(operation, connection);
  }

  private HttpURLConnection open(
      String operation, URI uri, String service, List<Header> headers, byte[] content) {
    var all = new ArrayList<>(headers);
    all.addAll(
        new RequestSigner(endpoint.credentials(), endpoint.region(), service)
            .sign("POST", uri, headers, content, time.instant()));
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
      connection.setReadTimeout(READ_TIMEOUT_MILLIS);
      all.forEach(header -> connection.setRequestProperty(header.name(), header.value()));
      return connection;
    } catch (IOException e) {
      throw broken(operation, e);
    }
  }

  private OutputStream body(String operation, HttpURLConnection connection) {
    try {
      return connection.getOutputStream();
    } catch (ConnectException e) {
      throw new NotRunning(endpoint.uri());
    } catch (IOException e) {
      throw broken(operation, e);
    }
  }

  private JsonNode answer(String operation, HttpURLConnection connection) {
    int status;
    byte[] content;
    try {
      status = connection.getResponseCode();
      content = read(connection, status);
    } catch (IOException e) {
      throw broken(operation, e);
    }
    JsonNode tree;
    try {
      tree = content.length == 0 ? input() : JSON.readTree(new String(content, UTF_8));
    } catch (JsonProcessingException e) {
      throw new Broken(operation, endpoint.uri(), "HTTP " + status + ", and no JSON");
    }
    if (status >= 300) {
      throw refusal(operation, status, tree);
    }
    return tree;
  }

  /** Read to its end, so that the connection serves the next call. */
  private static byte[] read(HttpURLConnection connection, int status) throws IOException {
    try (InputStream stream =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return stream == null ? new byte[0] : stream.readAllBytes();
    }
  }

  private Broken broken(String operation, IOException failure) {
    String detail = String.valueOf(failure.getMessage());
    return new Broken(operation, endpoint.uri(), detail);
  }

  private static Refused refusal(String operation, int status, JsonNode error) {
    String type = error.path("__type").asText("HTTP " + status);
    String code = type.substring(type.indexOf('#') + 1);
    String message = error.path("message").asText(error.path("Message").asText("no details"));
    return new Refused(operation, code, message);
  }
}
