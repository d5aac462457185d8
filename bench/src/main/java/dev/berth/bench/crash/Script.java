package dev.berth.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a task of the run does, and what must be true of it at its end. Each process that ever runs
 * it writes a {@code started} line with a word of its own: two of them would be two runs.
 */
sealed interface Script {
  /** What the shell is given. */
  String text();

  /** What was promised of this task and does not hold. */
  List<String> broken(JsonNode task, List<String> output);

  String STARTED = "echo started $(cat /proc/sys/kernel/random/uuid); ";

  /** Ends by itself with that exit code. */
  record Ends(int lineCount, String pauseSeconds, int exitCode) implements Script {
    @Override
    public String text() {
      return STARTED
          + "i=0; while [ $i -lt %d ]; do i=$((i+1)); echo line $i; done; sleep %s; exit %d"
              .formatted(lineCount, pauseSeconds, exitCode);
    }

    @Override
    public List<String> broken(JsonNode task, List<String> output) {
      var broken = new ArrayList<String>();
      check(broken, startedCount(output) == 1, "started once");
      check(broken, lineCountInOrder(output) == lineCount, lineCount + " lines, each once");
      check(broken, exitCodeOf(task) == exitCode, "exit code " + exitCode);
      check(
          broken,
          task.path("stopCode").asText().equals("EssentialContainerExited"),
          "stopped by its own end");
      return broken;
    }
  }

  /** Runs until it is told to end, and then does so in an orderly way. */
  record Runs() implements Script {
    static final int EXIT_CODE = 7;

    @Override
    public String text() {
      return "trap 'echo ending; exit %d' TERM; ".formatted(EXIT_CODE)
          + STARTED
          + "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done";
    }

    @Override
    public List<String> broken(JsonNode task, List<String> output) {
      var broken = new ArrayList<String>();
      check(broken, startedCount(output) == 1, "started once");
      check(broken, lineCountInOrder(output) > 0, "lines in order, each once");
      check(broken, output.stream().filter("ending"::equals).count() == 1, "ended in order");
      check(broken, exitCodeOf(task) == EXIT_CODE, "exit code " + EXIT_CODE);
      check(broken, isUserInitiated(task), "stopped by the user");
      return broken;
    }
  }

  /** Like {@link Runs}, but stopped wherever it stands: perhaps before it started at all. */
  record StoppedAnywhere() implements Script {
    @Override
    public String text() {
      return new Runs().text();
    }

    @Override
    public List<String> broken(JsonNode task, List<String> output) {
      var broken = new ArrayList<String>();
      check(broken, startedCount(output) <= 1, "started at most once");
      check(broken, lineCountInOrder(output) >= 0, "lines in order, each once");
      check(broken, isUserInitiated(task), "stopped by the user");
      return broken;
    }
  }

  private static void check(List<String> broken, boolean holds, String promise) {
    if (!holds) {
      broken.add("not so: " + promise);
    }
  }

  private static boolean isUserInitiated(JsonNode task) {
    return task.path("stopCode").asText().equals("UserInitiated");
  }

  private static int exitCodeOf(JsonNode task) {
    return task.path("containers").path(0).path("exitCode").asInt(-1);
  }

  private static long startedCount(List<String> output) {
    return output.stream().filter(line -> line.startsWith("started ")).count();
  }

  /** The number of lines, if they are line 1, line 2 and so on; else -1. */
  private static int lineCountInOrder(List<String> output) {
    int count = 0;
    for (String line : output) {
      if (line.startsWith("line ")) {
        count++;
        if (!line.equals("line " + count)) {
          return -1;
        }
      }
    }
    return count;
  }
}
