package dev.berth.cli;

import dev.berth.cli.command.AccountCommand;
import dev.berth.cli.command.Connection;
import dev.berth.cli.command.EnvCommand;
import dev.berth.cli.command.EventsCommand;
import dev.berth.cli.command.HostsCommand;
import dev.berth.cli.command.ImageCommand;
import dev.berth.cli.command.LogsCommand;
import dev.berth.cli.command.RunCommand;
import dev.berth.cli.command.StatusCommand;
import dev.berth.cli.command.TaskCommand;
import dev.berth.cli.command.TaskdefCommand;
import dev.berth.cli.command.WelcomeCommand;
import dev.berth.cli.endpoint.CallFailed;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The {@code berth} command as a whole. */
@Command(
    name = "berth",
    description = "AWS Fargate for your own machines.",
    synopsisSubcommandLabel = "COMMAND")
public final class Berth {
  private static final int FAILED = 1;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Explains the command.")
  @SuppressWarnings("UnusedVariable") // picocli prints the help itself.
  private boolean help;

  private Berth() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine(System.getenv(), InstantSource.system()).execute(args));
  }

  /**
   * The command, ready to be executed. Exit codes: 0 done, 1 refused or failed (the reason is one
   * line on the error stream), 2 wrong usage; {@code run} ends with its container's.
   */
  public static CommandLine commandLine(Map<String, String> environment, InstantSource time) {
    var line = new CommandLine(new Berth());
    line.addSubcommand(new EnvCommand(new Connection(environment, time)));
    // What follows the image belongs to the container, options too.
    line.addSubcommand(
        new CommandLine(new RunCommand(new Connection(environment, time)))
            .setStopAtPositional(true));
    line.addSubcommand(new StatusCommand(new Connection(environment, time)));
    line.addSubcommand(TaskCommand.commandLine(() -> new Connection(environment, time)));
    line.addSubcommand(TaskdefCommand.commandLine(() -> new Connection(environment, time)));
    line.addSubcommand(new LogsCommand(new Connection(environment, time)));
    line.addSubcommand(new EventsCommand(new Connection(environment, time)));
    line.addSubcommand(ImageCommand.commandLine(() -> new Connection(environment, time)));
    line.addSubcommand(new HostsCommand(new Connection(environment, time)));
    line.addSubcommand(AccountCommand.commandLine(() -> new Connection(environment, time)));
    line.addSubcommand(new WelcomeCommand(new Connection(environment, time)));
    line.setExecutionExceptionHandler(Berth::explain);
    return line;
  }

  private static int explain(Exception failure, CommandLine command, ParseResult arguments)
      throws Exception {
    if (failure instanceof CallFailed) {
      command.getErr().println("berth: " + failure.getMessage());
      return FAILED;
    }
    throw failure;
  }
}
