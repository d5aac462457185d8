package dev.berth.cli.command;

import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.Endpoint;
import dev.berth.cli.endpoint.EndpointLookup;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which Berth a command talks to: the options and variables that say it. */
public final class Connection {
  private final Map<String, String> environment;
  private final InstantSource time;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data folder of the Berth to talk to (variable BERTH_DATA; otherwise"
              + " /var/lib/berth).")
  private Optional<Path> data = Optional.empty();

  /** Options not read yet, and these environment variables. */
  public Connection(Map<String, String> environment, InstantSource time) {
    this.environment = Map.copyOf(environment);
    this.time = time;
  }

  /** The key that the server wrote for its operator, even if the environment holds another. */
  Endpoint operatorEndpoint() {
    var lookup = new EndpointLookup(environment);
    return lookup.ofDataFolder(data.orElseGet(lookup::dataFolder));
  }

  BerthClient client() {
    var lookup = new EndpointLookup(environment);
    return new BerthClient(data.map(lookup::ofDataFolder).orElseGet(lookup::find), time);
  }

  /** Whether a person watches: the launcher says it, since asking the JDK takes long. */
  boolean isWatched() {
    return environment.containsKey("BERTH_TERMINAL");
  }
}
