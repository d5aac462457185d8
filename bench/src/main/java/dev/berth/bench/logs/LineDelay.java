package dev.berth.bench.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.Endpoint;
import dev.berth.model.signature.RequestSigner;
import dev.berth.model.signature.SignableRequest.Header;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import software.amazon.eventstream.MessageDecoder;

/**
 * How long after a task wrote it a line is seen: by a live tail, and by who asks for the group's
 * events again and again. Both begin at the line's own time, which is in whole milliseconds.
 */
final class LineDelay {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TARGET = "Logs_20140328.";
  private static final String GROUP = "delay";
  private static final int LINE_COUNT = 300;
  private static final int WRITE_PAUSE_MICROS = 20_000;
  private static final int ASK_PAUSE_MILLIS = 20;
  private static final int PAGE_EVENT_COUNT = 10_000;
  private static final int READ_BYTE_COUNT = 1 << 16;

  private final Endpoint endpoint;
  private final BerthClient client;
  private final HttpClient http = HttpClient.newHttpClient();

  LineDelay(RunningBerth berth) {
    this.client = berth.client();
    this.endpoint = berth.endpoint();
  }

  void run() throws IOException, InterruptedException, ExecutionException {
    call("CreateLogGroup", BerthClient.input().put("logGroupName", GROUP));
    var tail = new FutureTask<>(this::tail);
    var asking = new FutureTask<>(this::ask);
    Thread.ofPlatform().daemon().name("live-tail").start(tail);
    Thread.ofPlatform().daemon().name("asking").start(asking);
    register();
    client.ecs("RunTask", RunningBerth.runTask("delay", client.defaultSubnets()));
    System.out.println("a line is seen, ms after it was written     p50      p99      max");
    print("by a live tail", tail.get());
    print("by FilterLogEvents, every " + ASK_PAUSE_MILLIS + " ms", asking.get());
    http.close();
  }

  private static void print(String how, long[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-38s %8d %8d %8d%n",
        how,
        millis[millis.length / 2],
        millis[millis.length * 99 / 100],
        millis[millis.length - 1]);
  }

  private void register() {
    ObjectNode definition = BerthClient.input();
    definition
        .put("family", "delay")
        .put("networkMode", "awsvpc")
        .put("cpu", "256")
        .put("memory", "512")
        .put("executionRoleArn", "arn:aws:iam::123456789012:role/logs");
    definition.putArray("requiresCompatibilities").add("FARGATE");
    var container = definition.putArray("containerDefinitions").addObject();
    container.put("name", "main").put("image", RunningBerth.BUSYBOX).put("essential", true);
    String program =
        "i=0; while [ $i -lt %d ]; do echo $i; i=$((i+1)); usleep %d; done"
            .formatted(LINE_COUNT, WRITE_PAUSE_MICROS);
    container.putArray("command").add("sh").add("-c").add(program);
    container
        .putObject("logConfiguration")
        .put("logDriver", "awslogs")
        .putObject("options")
        .put("awslogs-group", GROUP)
        .put("awslogs-region", endpoint.region())
        .put("awslogs-stream-prefix", "bench");
    client.ecs("RegisterTaskDefinition", definition);
  }

  private long[] ask() throws IOException, InterruptedException {
    var millis = new long[LINE_COUNT];
    var known = new HashSet<String>();
    ObjectNode question = BerthClient.input().put("logGroupName", GROUP);
    question.put("limit", PAGE_EVENT_COUNT);
    while (known.size() < LINE_COUNT) {
      Thread.sleep(ASK_PAUSE_MILLIS);
      JsonNode answer = call("FilterLogEvents", question);
      long now = System.currentTimeMillis();
      for (JsonNode event : answer.path("events")) {
        if (known.add(event.path("eventId").asText())) {
          millis[known.size() - 1] = now - event.path("timestamp").asLong();
        }
      }
    }
    return millis;
  }

  private long[] tail() throws IOException, InterruptedException {
    ObjectNode question = BerthClient.input();
    question
        .putArray("logGroupIdentifiers")
        .add("arn:aws:logs:%s:123456789012:log-group:%s".formatted(endpoint.region(), GROUP));
    var millis = new long[LINE_COUNT];
    var seen = new int[1];
    var decoder =
        new MessageDecoder(
            message -> {
              for (JsonNode event : tree(message.getPayload()).path("sessionResults")) {
                millis[seen[0]++] = System.currentTimeMillis() - event.path("timestamp").asLong();
              }
            });
    try (var stream = send("StartLiveTail", question).body()) {
      byte[] bytes = new byte[READ_BYTE_COUNT];
      while (seen[0] < LINE_COUNT) {
        int count = stream.read(bytes);
        if (count < 0) {
          throw new IOException("the live tail has ended after " + seen[0] + " lines");
        }
        decoder.feed(bytes, 0, count);
      }
    }
    return millis;
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException("the live tail speaks no JSON", e);
    }
  }

  private JsonNode call(String operation, ObjectNode input)
      throws IOException, InterruptedException {
    try (var body = send(operation, input).body()) {
      byte[] bytes = body.readAllBytes();
      return bytes.length == 0 ? BerthClient.input() : JSON.readTree(bytes);
    }
  }

  private HttpResponse<InputStream> send(String operation, ObjectNode input)
      throws IOException, InterruptedException {
    URI uri = endpoint.uri().resolve("/");
    byte[] content = input.toString().getBytes(UTF_8);
    var headers =
        List.of(
            new Header("Content-Type", "application/x-amz-json-1.1"),
            new Header("X-Amz-Target", TARGET + operation));
    var request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(content));
    headers.forEach(header -> request.header(header.name(), header.value()));
    new RequestSigner(endpoint.credentials(), endpoint.region(), "logs")
        .sign("POST", uri, headers, content, Instant.now())
        .forEach(header -> request.header(header.name(), header.value()));
    var response = http.send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException(
          operation + " answers " + new String(response.body().readAllBytes(), UTF_8));
    }
    return response;
  }
}
