package dev.berth.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The end of an agent for good, where all others are a pause. */
@Command(
    name = "retire",
    mixinStandardHelpOptions = true,
    description =
        "Removes what the kernel keeps for an agent that has no task and will not be started again;"
            + " its data folder stays.")
final class RetireCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "the agent's folder; of a server's own agent: the folder agent in its data")
  Path data = Path.of("");

  @Mixin HostOptions host = new HostOptions();

  @Override
  public Integer call() throws Exception {
    try (var local = LocalHost.open(data, host, Optional.empty())) {
      local.retire();
    }
    return 0;
  }
}
