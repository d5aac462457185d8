package dev.berth.bench.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.EndpointLookup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** Berth through its own API: RunTask, until the runtime's monitor saw the first output. */
final class Berth implements Contender {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;
  private static final long LOOK_MILLIS = 15;
  private static final int DESCRIBE_COUNT_MAX = 100;
  private static final int WAIT_MILLIS = 10_000;

  private final RunningBerth server;
  private final BerthClient client;
  private final List<String> subnets;
  private final List<Launched> launched = new ArrayList<>();

  private final Map<String, CompletableFuture<Void>> stopping = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private record Launched(String task, Instant called) {}

  /**
   * Where a launch's phase lies, in milliseconds.
   *
   * @param begin since the call
   */
  record Span(double begin, double duration) {}

  Berth(Path data) throws Exception {
    this.server = RunningBerth.start(data, "--host-cpu", "65536");
    server.loadBusybox();
    this.client =
        new BerthClient(new EndpointLookup(Map.of()).ofDataFolder(data), InstantSource.system());
    this.subnets = client.defaultSubnets();
    Thread.ofPlatform().daemon().name("stopped").start(this::lookForStopped);
    register("bench-echo", "echo", "x");
    register("bench-idle", "sleep", "1000");
  }

  private void register(String family, String... command) {
    ObjectNode definition = BerthClient.input();
    definition
        .put("family", family)
        .put("networkMode", "awsvpc")
        .put("cpu", "256")
        .put("memory", "512");
    definition.putArray("requiresCompatibilities").add("FARGATE");
    var container = definition.putArray("containerDefinitions").addObject();
    container.put("name", "main").put("image", RunningBerth.BUSYBOX).put("essential", true);
    container.putArray("entryPoint");
    var words = container.putArray("command");
    for (String word : command) {
      words.add(word);
    }
    client.ecs("RegisterTaskDefinition", definition);
  }

  @Override
  public String name() {
    return "berth RunTask";
  }

  /** Starts a task and does not wait for anything. */
  String runTask(String family) {
    return client
        .ecs("RunTask", RunningBerth.runTask(family, subnets))
        .path("tasks")
        .path(0)
        .path("taskArn")
        .asText();
  }

  @Override
  public double launchMillis() {
    Instant began = Instant.now();
    String task = runTask("bench-echo");
    synchronized (launched) {
      launched.add(new Launched(task, began));
    }
    double millis = Duration.between(began, firstOutput(task)).toNanos() / NANOS_PER_MILLI;
    awaitStopped(task);
    return millis;
  }

  Instant firstOutput(String task) {
    ObjectNode question = BerthClient.input().put("task", task).put("waitMillis", WAIT_MILLIS);
    JsonNode lines = client.operator("ReadTaskOutput", question).path("lines");
    if (lines.isEmpty()) {
      throw new IllegalStateException("no output of " + task);
    }
    return Instant.parse(lines.path(0).path("at").asText());
  }

  /** Asked for all that wait at once, so that asking is no load to speak of. */
  void awaitStopped(String task) {
    var ended = new CompletableFuture<Void>();
    stopping.put(task, ended);
    ended.join();
  }

  private void lookForStopped() {
    while (!closed) {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      List<String> tasks = stopping.keySet().stream().limit(DESCRIBE_COUNT_MAX).toList();
      if (tasks.isEmpty()) {
        continue;
      }
      ObjectNode question = BerthClient.input();
      var named = question.putArray("tasks");
      tasks.forEach(named::add);
      for (JsonNode task : client.ecs("DescribeTasks", question).path("tasks")) {
        if (task.path("lastStatus").asText().equals("STOPPED")) {
          var ended = stopping.remove(task.path("taskArn").asText());
          if (ended != null) {
            ended.complete(null);
          }
        }
      }
    }
  }

  /** Of the last launches: the medians of each phase, in their order. */
  Map<String, Span> phases(int launchCount) {
    List<Launched> last;
    synchronized (launched) {
      last = launched.subList(Math.max(0, launched.size() - launchCount), launched.size());
    }
    Map<String, List<Span>> spans = new LinkedHashMap<>();
    for (Launched each : last) {
      ObjectNode question = BerthClient.input().put("task", each.task());
      double called = ChronoUnit.MICROS.between(Instant.EPOCH, each.called());
      for (JsonNode timing : client.operator("DescribeTaskTimings", question).path("timings")) {
        spans
            .computeIfAbsent(timing.path("phase").asText(), _ -> new ArrayList<>())
            .add(
                new Span(
                    (timing.path("startEpochMicros").asDouble() - called) / MICROS_PER_MILLI,
                    timing.path("durationMicros").asDouble() / MICROS_PER_MILLI));
      }
    }
    Map<String, Span> medians = new LinkedHashMap<>();
    spans.forEach(
        (phase, each) ->
            medians.put(phase, new Span(median(each, Span::begin), median(each, Span::duration))));
    return medians;
  }

  private static double median(List<Span> spans, ToDoubleFunction<Span> part) {
    return spans.stream().mapToDouble(part).sorted().toArray()[spans.size() / 2];
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      server.close();
    } catch (Exception e) {
      throw new IOException("the server did not close", e);
    }
  }
}
