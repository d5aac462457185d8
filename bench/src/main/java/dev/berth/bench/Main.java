package dev.berth.bench;

import dev.berth.bench.crash.CrashBench;
import dev.berth.bench.launch.LaunchBench;
import dev.berth.bench.logs.LogsBench;
import dev.berth.bench.network.NetworkBench;
import dev.berth.bench.serve.RecordsBench;
import dev.berth.bench.serve.UpBench;
import java.util.Arrays;
import java.util.List;

/** Finds a benchmark by its name. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    List<String> rest =
        Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "crash" -> System.exit(CrashBench.run(rest));
      case "launch" -> LaunchBench.run(rest);
      case "logs" -> LogsBench.run(rest);
      case "network" -> NetworkBench.run();
      case "records" -> RecordsBench.run();
      case "up" -> UpBench.run(rest);
      case "store" -> StoreBench.main(rest.toArray(String[]::new));
      default -> {
        System.out.println(
            """
            Usage: ./berth bench NAME
              crash [KILLS [SEED]]   kills the server (500 times) while tasks run, and looks for damage
              launch [ROUNDS]        from RunTask to the first output, beside podman, ctr, conmon and crun
              logs [MIB]             how soon a line is seen; 1024 MiB of lines in a log stream, beside conmon's file
              network                how long a task waits for its interface; throughput beside a bridge
              records                DescribeTasks and ListTasks over 10,000 tasks at 100 requests/s
              up [ROUNDS]            until ./berth up is ready, and the memory of the idle server
              store [DIR]            durable commits a second, beside RocksDB's own grouping""");
        System.exit(arguments.length == 0 ? 0 : 2);
      }
    }
  }
}
