package dev.berth.app;

import dev.berth.cli.Berth;
import java.util.Arrays;
import picocli.CommandLine;

/** Where every process of Berth begins; the first argument says which one it is. */
public final class Main {
  private Main() {}

  /** Runs the server, an agent or its end, or the command line. */
  public static void main(String[] args) {
    String first = args.length == 0 ? "" : args[0];
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (first) {
      case "server" -> System.exit(new CommandLine(new ServerCommand()).execute(rest));
      case "agent" -> System.exit(new CommandLine(new AgentCommand()).execute(rest));
      case "retire" -> System.exit(new CommandLine(new RetireCommand()).execute(rest));
      default -> Berth.main(args);
    }
  }
}
