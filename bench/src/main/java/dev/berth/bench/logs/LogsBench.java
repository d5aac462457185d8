package dev.berth.bench.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.logs.GroupId;
import dev.berth.logs.ReadQuery;
import dev.berth.logs.segment.SegmentLogStore;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * Lines of 100 bytes from one task's stdout: in conmon's file alone, and in blocking mode in a log
 * stream. Then counts the lines in the killed server's store.
 */
public final class LogsBench {
  private static final int LINE_BYTE_COUNT = 100;
  private static final String LINE = "x".repeat(LINE_BYTE_COUNT - 1);
  private static final long MIB_DEFAULT = 1024;
  private static final long POLL_MILLIS = 20;
  private static final int PAGE_EVENT_COUNT = 10_000;
  private static final String GROUP = "bench";

  private final RunningBerth berth;
  private final BerthClient client;
  private final long lineCount;

  private LogsBench(RunningBerth berth, long lineCount) {
    this.berth = berth;
    this.client = berth.client();
    this.lineCount = lineCount;
  }

  /** Arguments: the MiB to write. */
  public static void run(List<String> arguments) throws Exception {
    long mib = arguments.isEmpty() ? MIB_DEFAULT : Long.parseLong(arguments.getFirst());
    long lineCount = mib * (1 << 20) / LINE_BYTE_COUNT;
    Path data = Files.createTempDirectory("berth-logs-");
    try (var berth = RunningBerth.start(data)) {
      berth.loadBusybox();
      new LineDelay(berth).run();
      new LogsBench(berth, lineCount).run(data);
    }
    TreeRemoval.remove(data);
  }

  private void run(Path data) throws Exception {
    register("file", false);
    register("stream", true);
    double fileSeconds = seconds("file", false);
    report("conmon's file alone", fileSeconds);
    double streamSeconds = seconds("stream", true);
    report("log stream, blocking, until stored", streamSeconds);
    System.out.printf(
        Locale.ROOT,
        "speed of the file: %.0f %%; server's memory at the most: %d MiB%n",
        100 * fileSeconds / streamSeconds,
        peakMib());
    berth.kill();
    try (var store = SegmentLogStore.open(data.resolve("logs"), InstantSource.system())) {
      System.out.printf(Locale.ROOT, "lines lost: %d%n", lineCount - stored(store));
    }
    berth.startAgain();
    berth.awaitReady();
  }

  private void report(String what, double seconds) {
    double mib = lineCount * LINE_BYTE_COUNT / (double) (1 << 20);
    System.out.printf(Locale.ROOT, "%-36s %6.1f s %6.1f MiB/s%n", what, seconds, mib / seconds);
  }

  private void register(String family, boolean logged) {
    ObjectNode definition = BerthClient.input();
    definition
        .put("family", family)
        .put("networkMode", "awsvpc")
        .put("cpu", "1024")
        .put("memory", "2048")
        .put("executionRoleArn", "arn:aws:iam::123456789012:role/logs");
    definition.putArray("requiresCompatibilities").add("FARGATE");
    var container = definition.putArray("containerDefinitions").addObject();
    container.put("name", "main").put("image", RunningBerth.BUSYBOX).put("essential", true);
    String program = "yes %s | head -c %d".formatted(LINE, lineCount * LINE_BYTE_COUNT);
    container.putArray("command").add("sh").add("-c").add(program);
    if (logged) {
      container
          .putObject("logConfiguration")
          .put("logDriver", "awslogs")
          .putObject("options")
          .put("awslogs-group", GROUP)
          .put("awslogs-region", berth.endpoint().region())
          .put("awslogs-stream-prefix", "bench")
          .put("awslogs-create-group", "true")
          .put("mode", "blocking");
    }
    client.ecs("RegisterTaskDefinition", definition);
  }

  /** From the container's start until its last line is where it should be. */
  private double seconds(String family, boolean logged) throws InterruptedException {
    String task =
        client
            .ecs("RunTask", RunningBerth.runTask(family, client.defaultSubnets()))
            .path("tasks")
            .path(0)
            .path("taskArn")
            .asText();
    while (!isDone(task, logged)) {
      Thread.sleep(POLL_MILLIS);
    }
    double end = System.currentTimeMillis() / 1e3;
    JsonNode described = describe(task);
    return logged
        ? end - described.path("startedAt").asDouble()
        : described.path("executionStoppedAt").asDouble() - described.path("startedAt").asDouble();
  }

  private boolean isDone(String task, boolean logged) {
    if (!logged) {
      return describe(task).path("lastStatus").asText().equals("STOPPED");
    }
    var question = BerthClient.input().put("task", task).put("offset", lineCount);
    return client.operator("ReadTaskOutput", question).path("end").asBoolean();
  }

  private JsonNode describe(String task) {
    ObjectNode question = BerthClient.input();
    question.putArray("tasks").add(task);
    return client.ecs("DescribeTasks", question).path("tasks").path(0);
  }

  private long peakMib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + berth.pid() + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("the server's status names no VmHWM");
  }

  /** How many of the lines are there. */
  private long stored(SegmentLogStore store) {
    var group =
        new GroupId(
            new Realm(new AccountId("123456789012"), new Region(berth.endpoint().region())), GROUP);
    var query = ReadQuery.of(group, PAGE_EVENT_COUNT).matching(LINE::equals);
    var page = store.read(query);
    long count = page.events().size();
    while (page.beyond().isPresent()) {
      page = store.read(query.beyond(page.beyond()));
      count += page.events().size();
    }
    return count;
  }
}
