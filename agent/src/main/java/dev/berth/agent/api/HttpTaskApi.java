package dev.berth.agent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.identity.Region;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.RequestSigner;
import dev.berth.model.signature.SignableRequest.Header;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The API over HTTP, signed. */
public final class HttpTaskApi implements TaskApi {
  private static final String TARGET = "AmazonEC2ContainerServiceV20141113.";
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static final int READ_MILLIS_MAX = 4_000;
  private static final int ANSWER_BYTES_MAX = 1 << 20;
  private static final int ERROR_MIN = 400;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI uri;
  private final InstantSource clock;

  /**
   * @param address where the API listens
   */
  public HttpTaskApi(InetSocketAddress address, InstantSource clock) {
    String host = address.getAddress().getHostAddress(); // By number: a name may lead elsewhere.
    this.uri =
        URI.create(
            "http://%s:%d/"
                .formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort()));
    this.clock = clock;
  }

  @Override
  public Reply ecs(Credentials caller, Region region, String operation, JsonNode input)
      throws IOException {
    byte[] body = JSON.writeValueAsBytes(input);
    var headers =
        List.of(
            new Header("X-Amz-Target", TARGET + operation),
            new Header("Content-Type", "application/x-amz-json-1.1"));
    var signer = new RequestSigner(caller, region.value(), "ecs");
    var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    try {
      connection.setConnectTimeout(CONNECT_MILLIS_MAX);
      connection.setReadTimeout(READ_MILLIS_MAX);
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      headers.forEach(header -> connection.setRequestProperty(header.name(), header.value()));
      signer
          .sign("POST", uri, headers, body, clock.instant())
          .forEach(header -> connection.setRequestProperty(header.name(), header.value()));
      connection.getOutputStream().write(body);
      return reply(connection);
    } catch (SocketTimeoutException late) {
      throw new TimedOut(operation, late);
    } finally {
      connection.disconnect();
    }
  }

  private static Reply reply(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream stream =
        status < ERROR_MIN ? connection.getInputStream() : connection.getErrorStream()) {
      byte[] body = stream == null ? new byte[0] : stream.readNBytes(ANSWER_BYTES_MAX);
      String requestId =
          Optional.ofNullable(connection.getHeaderField("x-amzn-RequestId")).orElse("");
      return new Reply(status, requestId, JSON.readTree(body));
    }
  }
}
