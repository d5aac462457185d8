package dev.berth.bench.serve;

import dev.berth.agent.linux.TreeRemoval;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code ./berth up} as a person gives it, again and again on a folder of its own, and the memory
 * of the idle server. The first one, which also makes the cache of loaded classes, does not count.
 */
public final class UpBench {
  private static final int ROUND_COUNT = 7;
  private static final long IDLE_MILLIS = 10_000;

  private final Path launcher;
  private final Path data;
  private final int port;

  private UpBench(Path launcher, Path data, int port) {
    this.launcher = launcher;
    this.data = data;
    this.port = port;
  }

  /** The only argument, which may be left out: how many rounds. */
  public static void run(List<String> arguments) throws Exception {
    int rounds = arguments.isEmpty() ? ROUND_COUNT : Integer.parseInt(arguments.getFirst());
    var launcher = Path.of(System.getProperty("berth.home", "."), "berth").toRealPath();
    Path data = Files.createTempDirectory("berth-bench-up-");
    var bench = new UpBench(launcher, data, RunningBerth.freePort());
    double[] seconds = new double[rounds];
    double mib = 0;
    for (int round = -1; round < rounds; round++) {
      try {
        double took = bench.up();
        if (round >= 0) {
          seconds[round] = took;
        }
        if (round == rounds - 1) {
          Thread.sleep(IDLE_MILLIS);
          mib = bench.residentMib();
        }
      } finally {
        bench.launcher("down", "--tasks");
      }
    }
    TreeRemoval.remove(data);
    Arrays.sort(seconds);
    System.out.printf(
        "From ./berth up to ready, %d times: median %.2f s, max %.2f s (promised: 3 s)%n",
        rounds, seconds[rounds / 2], seconds[rounds - 1]);
    System.out.printf("Resident and idle: %.0f MiB (promised: 300 MB)%n", mib);
  }

  private double up() throws IOException, InterruptedException {
    long began = System.nanoTime();
    launcher("up", "--port", Integer.toString(port), "--no-welcome");
    return (System.nanoTime() - began) / 1e9;
  }

  private void launcher(String command, String... options)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(launcher.toString(), command));
    words.addAll(List.of("--data", data.toString()));
    words.addAll(List.of(options));
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    int exitCode = builder.start().waitFor();
    if (exitCode != 0) {
      throw new IOException(String.join(" ", words) + " ended with " + exitCode);
    }
  }

  private double residentMib() throws IOException {
    String pid = Files.readString(data.resolve("berth.pid")).split(" ", 2)[0];
    for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("/proc/" + pid + "/status names no VmRSS");
  }
}
