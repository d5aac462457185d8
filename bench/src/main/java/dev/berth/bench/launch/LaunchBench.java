package dev.berth.bench.launch;

import dev.berth.agent.linux.TreeRemoval;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Launches the same container by each contender in turn, so that a machine that changes its speed
 * changes it for all, and prints medians and ratios; then Berth's bursts and its memory.
 */
public final class LaunchBench {
  private static final int WARM_UP_COUNT = 5;
  private static final int ROUND_COUNT = 30;
  private static final long QUIET_MILLIS = 250;
  private static final int BURST_WARM_UP_COUNT = 100;
  private static final int BURST_COUNT = 300;
  private static final int BURST_PARALLEL = 8;
  private static final int IDLE_COUNT = 40;

  private LaunchBench() {}

  /** One launch at a time, then bursts. The only argument: how many rounds. */
  public static void run(List<String> arguments) throws Exception {
    int rounds = arguments.isEmpty() ? ROUND_COUNT : Integer.parseInt(arguments.getFirst());
    Path folder = Files.createTempDirectory("berth-bench-");
    Path archive = folder.resolve("busybox.tar");
    Files.write(archive, RunningBerth.busyboxArchive());
    try (var berth = new Berth(folder.resolve("berth"))) {
      var contenders = new ArrayList<Contender>(List.of(berth));
      try {
        contenders.add(new BareConmon(folder.resolve("bare")));
        add(contenders, "ctr run", () -> new Containerd(folder.resolve("containerd"), archive));
        var podman = folder.resolve("podman");
        add(contenders, "podman run", () -> new Podman(podman, archive, true));
        add(contenders, "podman, no net", () -> new Podman(podman, archive, false));
        oneByOne(contenders, rounds);
      } finally {
        for (Contender contender : contenders.subList(1, contenders.size())) {
          contender.close();
        }
      }
      phases(berth, rounds);
      bursts(berth);
      memory(berth);
    }
    TreeRemoval.remove(folder);
  }

  private static void add(List<Contender> contenders, String name, Callable<Contender> making)
      throws Exception {
    try {
      contenders.add(making.call());
    } catch (IOException absent) {
      System.out.println(name + " is left out: " + absent.getMessage());
    }
  }

  private static void oneByOne(List<Contender> contenders, int rounds)
      throws IOException, InterruptedException {
    double[][] millis = new double[contenders.size()][rounds];
    double[] cpuMillis = new double[contenders.size()];
    for (int round = -WARM_UP_COUNT; round < rounds; round++) {
      for (int index = 0; index < contenders.size(); index++) {
        // What one leaves to the kernel to tidy up, or keeps ready in it, is not the next one's.
        Thread.sleep(QUIET_MILLIS);
        double cpuBefore = MachineLoad.busyMillis();
        double took = contenders.get(index).launchMillis();
        if (round >= 0) {
          millis[index][round] = took;
          cpuMillis[index] += MachineLoad.busyMillis() - cpuBefore;
        }
      }
    }
    System.out.printf("One at a time, %d rounds, cached image, ms to the first output%n", rounds);
    System.out.printf(
        "%-16s %8s %8s %8s %14s %12s%n", "", "p50", "p90", "max", "against Berth", "CPU ms each");
    double ours = quantile(millis[0], 0.5);
    for (int index = 0; index < contenders.size(); index++) {
      double[] each = millis[index];
      System.out.printf(
          "%-16s %8.1f %8.1f %8.1f %13.2fx %12.1f%n",
          contenders.get(index).name(),
          quantile(each, 0.5),
          quantile(each, 0.9),
          quantile(each, 1),
          quantile(each, 0.5) / ours,
          cpuMillis[index] / rounds);
    }
  }

  private static void phases(Berth berth, int rounds) {
    System.out.println("\nPhases of these launches of Berth, medians in ms");
    System.out.printf("%-16s %12s %8s%n", "", "since call", "takes");
    berth
        .phases(rounds)
        .forEach(
            (phase, span) ->
                System.out.printf("%-16s %12.2f %8.2f%n", phase, span.begin(), span.duration()));
  }

  private static void bursts(Berth berth) throws Exception {
    burst(berth, BURST_WARM_UP_COUNT); // The server's code is compiled as it is used.
    Burst measured = burst(berth, BURST_COUNT);
    System.out.printf(
        "%nA burst of %d tasks from RunTask to STOPPED, %d at once: %.1f tasks/s,"
            + " p50 %.1f ms, p90 %.1f ms to the first output, %.1f CPU ms each%n",
        BURST_COUNT,
        BURST_PARALLEL,
        BURST_COUNT / measured.seconds(),
        quantile(measured.sorted(), 0.5),
        quantile(measured.sorted(), 0.9),
        measured.cpuMillis() / BURST_COUNT);
  }

  private record Burst(double seconds, List<Double> millis, double cpuMillis) {
    double[] sorted() {
      return millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }
  }

  private static Burst burst(Berth berth, int count) throws Exception {
    long began = System.nanoTime();
    double cpuBefore = MachineLoad.busyMillis();
    try (var threads = Executors.newFixedThreadPool(BURST_PARALLEL)) {
      List<Future<Double>> launches = new ArrayList<>();
      for (int launch = 0; launch < count; launch++) {
        launches.add(threads.submit(berth::launchMillis));
      }
      double[] millis = new double[count];
      for (int launch = 0; launch < count; launch++) {
        millis[launch] = launches.get(launch).get();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      return new Burst(
          seconds, Arrays.stream(millis).boxed().toList(), MachineLoad.busyMillis() - cpuBefore);
    }
  }

  private static void memory(Berth berth) throws InterruptedException, IOException {
    double before = MachineLoad.availableMib();
    for (int task = 0; task < IDLE_COUNT; task++) {
      berth.runTask("bench-idle");
    }
    Thread.sleep(5_000);
    System.out.printf(
        "%nMemory of an idle task: %.2f MiB (%d tasks, all that the machine lost)%n",
        (before - MachineLoad.availableMib()) / IDLE_COUNT, IDLE_COUNT);
  }

  private static double quantile(double[] values, double at) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(at * (sorted.length - 1)))];
  }
}
