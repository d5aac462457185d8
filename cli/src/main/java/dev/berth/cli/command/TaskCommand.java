package dev.berth.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.task.TaskCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The tasks of a cluster. */
@Command(
    name = "task",
    description = "Lists and stops tasks, and shows where a launch spent its time.",
    synopsisSubcommandLabel = "COMMAND")
public final class TaskCommand {
  private static final double MICROS_PER_MILLI = 1_000;

  private TaskCommand() {}

  /** The command with its subcommands. */
  public static CommandLine commandLine(Supplier<Connection> connection) {
    return new CommandLine(new TaskCommand())
        .addSubcommand(new Ls(connection.get()))
        .addSubcommand(new Stop(connection.get()))
        .addSubcommand(new Timings(connection.get()));
  }

  /** The last part of an ARN; an id is itself. */
  static String shortId(String task) {
    return task.substring(task.lastIndexOf('/') + 1);
  }

  @Command(name = "ls", description = "Lists the tasks of a cluster, ended ones too.")
  private static final class Ls extends EndpointCommand {
    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster.")
    private String cluster = "default";

    Ls(Connection connection) {
      super(connection);
    }

    @Override
    public Integer call() {
      var catalog = new TaskCatalog(client());
      var table = new Table("TASK", "STATUS", "CPU", "MEMORY", "IMAGE", "CREATED", "END");
      for (String status : List.of("RUNNING", "STOPPED")) {
        for (JsonNode task : catalog.describe(cluster, catalog.list(cluster, status))) {
          table.row(
              shortId(task.path("taskArn").asText()),
              task.path("lastStatus").asText("-"),
              task.path("cpu").asText("-"),
              task.path("memory").asText("-"),
              task.path("containers").path(0).path("image").asText("-"),
              time(task.path("createdAt")),
              end(task));
        }
      }
      table.print(out());
      return DONE;
    }

    private static String time(JsonNode epochSeconds) {
      return epochSeconds.isNumber()
          ? Instant.ofEpochSecond(epochSeconds.asLong()).toString()
          : "-";
    }

    private static String end(JsonNode task) {
      JsonNode code = task.path("containers").path(0).path("exitCode");
      String exit = code.isNumber() ? "exit " + code.asInt() : "";
      String reason = task.path("stoppedReason").asText();
      return exit.isEmpty() || reason.isEmpty() ? exit + reason : exit + ", " + reason;
    }
  }

  @Command(
      name = "stop",
      description = "Stops a task, or all of them.",
      footer = {"", "Example:", "  ./berth task stop --all"})
  private static final class Stop extends EndpointCommand {
    private static final Duration STOP_TIME_MAX = Duration.ofSeconds(150);

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "TASK",
        description = "The task's id or ARN.")
    private String task = "";

    @Option(names = "--cluster", paramLabel = "NAME", description = "Its cluster.")
    private String cluster = "default";

    @Option(
        names = "--all",
        description = "Every task of every cluster of the account; waits until they have ended.")
    private boolean all;

    Stop(Connection connection) {
      super(connection);
    }

    @Override
    public Integer call() throws InterruptedException {
      if (all != task.isEmpty()) {
        err().println("berth: name one task, or --all");
        return CommandLine.ExitCode.USAGE;
      }
      var catalog = new TaskCatalog(client());
      if (!all) {
        catalog.stop(cluster, task);
        return DONE;
      }
      int count = catalog.stopAll();
      out().println("%d task%s asked to stop".formatted(count, count == 1 ? "" : "s"));
      out().flush();
      if (!catalog.awaitNone(STOP_TIME_MAX)) {
        err().println("berth: some have not ended; ./berth task ls shows them");
        return FAILED;
      }
      return DONE;
    }
  }

  @Command(name = "timings", description = "Shows how long each phase of a launch took.")
  private static final class Timings extends EndpointCommand {
    @Parameters(index = "0", paramLabel = "TASK", description = "The task's id or ARN.")
    private String task = "";

    @Option(names = "--cluster", paramLabel = "NAME", description = "Its cluster.")
    private String cluster = "default";

    Timings(Connection connection) {
      super(connection);
    }

    @Override
    public Integer call() {
      var input = BerthClient.input().put("task", task).put("cluster", cluster);
      JsonNode timings = client().operator("DescribeTaskTimings", input).path("timings");
      var table = new Table("PHASE", "BEGINS AT MS", "TAKES MS");
      long startMicros = timings.path(0).path("startEpochMicros").asLong();
      long endMicros = startMicros;
      for (JsonNode timing : timings) {
        long beginMicros = timing.path("startEpochMicros").asLong();
        long durationMicros = timing.path("durationMicros").asLong();
        endMicros = Math.max(endMicros, beginMicros + durationMicros);
        table.row(
            timing.path("phase").asText(),
            millis(beginMicros - startMicros),
            millis(durationMicros));
      }
      table.row("whole launch", "", millis(endMicros - startMicros));
      table.print(out());
      return DONE;
    }

    private static String millis(long micros) {
      return "%10.2f".formatted(micros / MICROS_PER_MILLI);
    }
  }
}
