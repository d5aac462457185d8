package dev.berth.bench.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.bench.rig.RunningBerth;
import dev.berth.cli.endpoint.BerthClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Reads at a steady rate from a server that keeps many tasks: none has room, so that none changes.
 *
 * <p>Each request has its time to be sent, and its latency counts from then: a slow answer makes
 * the requests behind it look late, as a client would see them.
 */
public final class RecordsBench {
  private static final int TASK_COUNT = 10_000;
  private static final int TASK_COUNT_PER_CALL = 10;
  private static final int DESCRIBE_COUNT = 100;
  private static final int REQUESTS_PER_SECOND = 100;
  private static final int WARM_UP_SECONDS = 10;
  private static final int SECONDS = 30;
  private static final int CLIENT_COUNT = 16;
  private static final long SEED = 1;

  private final BerthClient client;
  private final List<String> tasks = new ArrayList<>();

  private RecordsBench(BerthClient client) {
    this.client = client;
  }

  /** Takes no argument. */
  public static void run() throws Exception {
    Path data = Files.createTempDirectory("berth-bench-records-");
    try (var berth = RunningBerth.start(data, "--no-agent")) {
      var bench = new RecordsBench(berth.client());
      bench.fill();
      bench.read(WARM_UP_SECONDS);
      double[][] millis = bench.read(SECONDS);
      System.out.printf(
          "%,d tasks, %d requests/s for %d s, ms from the time to be sent%n",
          TASK_COUNT, REQUESTS_PER_SECOND, SECONDS);
      System.out.printf("%-22s %8s %8s %8s%n", "", "p50", "p99", "max");
      print("DescribeTasks (" + DESCRIBE_COUNT + ")", millis[0]);
      print("ListTasks (a page)", millis[1]);
      System.out.println("Promised: p99 below 20 ms");
    }
    TreeRemoval.remove(data);
  }

  private void fill() {
    ObjectNode definition = BerthClient.input();
    definition.put("family", "bench").put("networkMode", "awsvpc").put("cpu", "256");
    definition.put("memory", "512").putArray("requiresCompatibilities").add("FARGATE");
    definition
        .putArray("containerDefinitions")
        .addObject()
        .put("name", "main")
        .put("image", RunningBerth.BUSYBOX);
    client.ecs("RegisterTaskDefinition", definition);
    ObjectNode wish =
        RunningBerth.runTask("bench", client.defaultSubnets()).put("count", TASK_COUNT_PER_CALL);
    while (tasks.size() < TASK_COUNT) {
      client
          .ecs("RunTask", wish)
          .path("tasks")
          .forEach(task -> tasks.add(task.path("taskArn").asText()));
    }
  }

  /** Latencies of DescribeTasks and of ListTasks, taken in turn. */
  private double[][] read(int seconds) throws Exception {
    int count = seconds * REQUESTS_PER_SECOND;
    List<ObjectNode> describes = describes(count / 2);
    double[][] millis = new double[2][count / 2];
    try (var threads = Executors.newFixedThreadPool(CLIENT_COUNT)) {
      List<Future<Double>> sent = new ArrayList<>();
      long start = System.nanoTime();
      for (int request = 0; request < count; request++) {
        long at = start + request * TimeUnit.SECONDS.toNanos(1) / REQUESTS_PER_SECOND;
        TimeUnit.NANOSECONDS.sleep(at - System.nanoTime());
        ObjectNode describe = describes.get(request / 2);
        String operation = request % 2 == 0 ? "DescribeTasks" : "ListTasks";
        ObjectNode input = request % 2 == 0 ? describe : BerthClient.input();
        sent.add(
            threads.submit(
                () -> {
                  var _ = client.ecs(operation, input);
                  return (System.nanoTime() - at) / 1e6;
                }));
      }
      for (int request = 0; request < count; request++) {
        millis[request % 2][request / 2] = sent.get(request).get();
      }
    }
    return millis;
  }

  private List<ObjectNode> describes(int count) {
    var random = new Random(SEED);
    var inputs = new ArrayList<ObjectNode>();
    for (int number = 0; number < count; number++) {
      ObjectNode input = BerthClient.input();
      var names = input.putArray("tasks");
      for (int task = 0; task < DESCRIBE_COUNT; task++) {
        names.add(tasks.get(random.nextInt(tasks.size())));
      }
      inputs.add(input);
    }
    return inputs;
  }

  private static void print(String name, double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "%-22s %8.1f %8.1f %8.1f%n",
        name,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.99)],
        sorted[sorted.length - 1]);
  }
}
