package dev.berth.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server that verifies signatures as Berth does, gives out the answers that a test wrote down for
 * each operation, and keeps what it was asked. The last answer of an operation is given again.
 */
final class ScriptedBerth implements AutoCloseable {
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z"));

  private static final Credentials KEY = new Credentials("AKIATEST", "s3cr'et");
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();

  /** What was asked; {@code operation} is the target's last part, or a path. */
  record Call(String operation, String query, String body) {
    JsonNode input() throws IOException {
      return JSON.readTree(body);
    }
  }

  /** What the command printed, and its exit code. */
  record Outcome(int exitCode, String out, String err) {}

  private record Answer(int status, String body) {}

  ScriptedBerth() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  ScriptedBerth answers(String operation, String body) {
    return answers(operation, 200, body);
  }

  synchronized ScriptedBerth answers(String operation, int status, String body) {
    answers.computeIfAbsent(operation, _ -> new ArrayDeque<>()).add(new Answer(status, body));
    return this;
  }

  Outcome run(String... args) {
    return run(environment(), args);
  }

  static Outcome run(Map<String, String> environment, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Berth.commandLine(environment, CLOCK)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL", endpoint(),
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", KEY.accessKeyId(),
        "AWS_SECRET_ACCESS_KEY", KEY.secretAccessKey());
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized List<Call> calls(String operation) {
    return calls.stream().filter(call -> call.operation().equals(operation)).toList();
  }

  synchronized List<String> operations() {
    return calls.stream().map(Call::operation).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String path = exchange.getRequestURI().getRawPath();
    String operation = target == null ? path : target.substring(target.lastIndexOf('.') + 1);
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    Answer answer =
        answer(new Call(operation, query, new String(body, UTF_8)), verify(exchange, body));
    byte[] content = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private synchronized Answer answer(Call call, Verification verification) {
    if (verification instanceof Verification.Refused refused) {
      return new Answer(403, "{\"__type\":\"Signature\",\"message\":\"" + refused + "\"}");
    }
    calls.add(call);
    Deque<Answer> script = answers.getOrDefault(call.operation(), new ArrayDeque<>());
    Answer unscripted = new Answer(500, "{\"__type\":\"Unscripted\",\"message\":\"\"}");
    Answer next = script.isEmpty() ? unscripted : script.element();
    if (script.size() > 1) {
      script.remove();
    }
    return next;
  }

  private static Verification verify(HttpExchange exchange, byte[] body) {
    var headers = new ArrayList<Header>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(it -> headers.add(new Header(name, it))));
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String service = target != null && target.startsWith("AmazonEC2Container") ? "ecs" : "berth";
    var uri = exchange.getRequestURI();
    var request =
        new SignableRequest(
            exchange.getRequestMethod(),
            uri.getRawPath(),
            Optional.ofNullable(uri.getRawQuery()).orElse(""),
            headers,
            body);
    var key = new AccessKey(KEY, new Principal.Root("123456789012"));
    return new SignatureVerifier(
            (id, _) -> id.equals(KEY.accessKeyId()) ? Optional.of(key) : Optional.empty(), CLOCK)
        .verify(request, service);
  }
}
