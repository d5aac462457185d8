package dev.berth.cli.command;

import dev.berth.cli.task.TaskOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a task wrote. */
@Command(
    name = "logs",
    description = "Prints what a task wrote on its output and error streams.",
    footer = {"", "Example:", "  ./berth logs --follow 0123456789abcdef0123456789abcdef"})
public final class LogsCommand extends EndpointCommand {
  @Parameters(index = "0", paramLabel = "TASK", description = "The task's id or ARN.")
  private String task = "";

  @Option(names = "--cluster", paramLabel = "NAME", description = "Its cluster.")
  private String cluster = "default";

  @Option(
      names = "--container",
      paramLabel = "NAME",
      description = "Which of its containers; not needed if it has one.")
  private String container = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on until the container has ended.")
  private boolean follow;

  /** The command, before its arguments are read. */
  public LogsCommand(Connection connection) {
    super(connection);
  }

  @Override
  public Integer call() {
    var output = new TaskOutput(client(), cluster, task, container);
    if (follow) {
      output.follow(out(), err());
    } else {
      output.printSoFar(out(), err());
    }
    return DONE;
  }
}
