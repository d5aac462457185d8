package dev.berth.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.model.signature.AccessKey;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.Principal;
import dev.berth.model.signature.SignableRequest;
import dev.berth.model.signature.SignableRequest.Header;
import dev.berth.model.signature.SignatureVerifier;
import dev.berth.model.signature.Verification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What S3 does with a GET of an object, path-style, for who signs for it with the one key. */
final class BucketServer implements AutoCloseable {
  static final Credentials CREDENTIALS = new Credentials("AKIABUCKETS", "secret-of-the-buckets");

  private final HttpServer server;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final AtomicInteger unwillingCount = new AtomicInteger();
  private final SignatureVerifier verifier =
      new SignatureVerifier(
          (id, _) ->
              id.equals(CREDENTIALS.accessKeyId())
                  ? Optional.of(new AccessKey(CREDENTIALS, new Principal.Root("123456789012")))
                  : Optional.empty(),
          InstantSource.system());

  BucketServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void put(String bucketAndKey, String content) {
    objects.put("/" + bucketAndKey, content.getBytes(UTF_8));
  }

  /** So many of the next requests are answered as by a server that is too busy. */
  void refuseNext(int count) {
    unwillingCount.set(count);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      byte[] object = objects.get(exchange.getRequestURI().getPath());
      if (unwillingCount.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        refuse(exchange, 503, "SlowDown", "Please reduce your request rate.");
      } else if (!(verified(exchange, body) instanceof Verification.Verified)) {
        refuse(exchange, 403, "AccessDenied", "Access Denied");
      } else if (object == null) {
        refuse(exchange, 404, "NoSuchKey", "The specified key does not exist.");
      } else {
        exchange.sendResponseHeaders(200, object.length == 0 ? -1 : object.length);
        exchange.getResponseBody().write(object);
      }
    }
  }

  private Verification verified(HttpExchange exchange, byte[] body) {
    var headers = new ArrayList<Header>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(it -> headers.add(new Header(name, it))));
    URI uri = exchange.getRequestURI();
    String query = Optional.ofNullable(uri.getRawQuery()).orElse("");
    List<Header> all = List.copyOf(headers);
    return verifier.verify(
        new SignableRequest(exchange.getRequestMethod(), uri.getRawPath(), query, all, body), "s3");
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    byte[] body =
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
                + code
                + "</Code><Message>"
                + message
                + "</Message><RequestId>1</RequestId></Error>")
            .getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
