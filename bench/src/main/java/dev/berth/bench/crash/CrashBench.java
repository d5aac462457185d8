package dev.berth.bench.crash;

import dev.berth.agent.linux.TreeRemoval;
import dev.berth.bench.rig.Leaks;
import dev.berth.bench.rig.RunningBerth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The long crash test: 500 kills of a real server, in rounds that each begin with an empty one. */
public final class CrashBench {
  private static final int KILL_COUNT = 500;
  private static final int KILL_COUNT_PER_ROUND = 50;
  private static final int UP_MILLIS_MAX = 2_000;

  private CrashBench() {}

  /**
   * Runs it and says how it goes.
   *
   * @param arguments the number of kills, and the seed; both may be left out
   * @return the exit code
   */
  public static int run(List<String> arguments) throws Exception {
    int kills = arguments.isEmpty() ? KILL_COUNT : Integer.parseInt(arguments.getFirst());
    long seed =
        arguments.size() > 1
            ? Long.parseLong(arguments.get(1))
            : RandomGenerator.getDefault().nextLong(Integer.MAX_VALUE);
    var violations = new ArrayList<String>();
    int done = 0;
    for (int round = 0; done < kills && violations.isEmpty(); round++) {
      int count = Math.min(KILL_COUNT_PER_ROUND, kills - done);
      violations.addAll(round(seed + round, count));
      done += count;
    }
    violations.forEach(System.out::println);
    System.out.printf("%d kills, %d promises broken%n", done, violations.size());
    return violations.isEmpty() ? 0 : 1;
  }

  private static List<String> round(long seed, int killCount) throws Exception {
    Path data = Files.createTempDirectory("berth-crash-");
    var violations = new ArrayList<String>();
    var berth = RunningBerth.start(data, "--host-cpu", "65536", "--host-memory", "131072");
    try (berth) {
      berth.loadBusybox();
      var outcome = CrashRun.on(berth, new CrashRun.Plan(seed, killCount, UP_MILLIS_MAX));
      System.out.printf(
          "seed %d: %d kills, %d tasks, %d calls repeated, %d promises broken%n",
          seed, killCount, outcome.taskCount(), outcome.repeatCount(), outcome.violations().size());
      violations.addAll(outcome.violations());
    }
    violations.addAll(Leaks.ofRetired(berth.host()));
    if (violations.isEmpty()) {
      TreeRemoval.remove(data);
    } else {
      System.out.println("the server's folder is kept: " + data);
    }
    return violations;
  }
}
