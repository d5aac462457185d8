package dev.berth.app;

import dev.berth.control.command.TaskCommands;
import dev.berth.control.rounds.Rounds;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Region;
import dev.berth.model.network.Cidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the server. Each may also be said by an environment variable. */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    description = "Serves AWS's APIs and runs tasks on this machine. Usually started by: berth up")
final class ServerCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:BERTH_DATA:-/var/lib/berth}",
      description = "where everything is kept; default: ${DEFAULT-VALUE}")
  Path data = Path.of("");

  @Option(
      names = "--port",
      defaultValue = "${env:BERTH_PORT:-4510}",
      description = "the one port, on 127.0.0.1; default: ${DEFAULT-VALUE}")
  int port;

  @Option(
      names = "--link-port",
      defaultValue = "${env:BERTH_LINK_PORT:-0}",
      description = "port for agents of other processes, on 127.0.0.1; 0 (the default): none")
  int linkPort;

  @Option(
      names = "--task-api-port",
      defaultValue = "${env:BERTH_TASK_API_PORT:-0}",
      description =
          "port on 127.0.0.1 where agents find AWS's API for their tasks, and nothing but it; 0"
              + " (the default): any free one, which this server's own agent knows")
  int taskApiPort;

  @Option(
      names = "--account",
      defaultValue = "${env:BERTH_ACCOUNT:-123456789012}",
      description = "the operator's account; default: ${DEFAULT-VALUE}")
  String account = "";

  @Option(
      names = "--region",
      defaultValue = "${env:BERTH_REGION:-us-east-1}",
      description = "the region that `berth env` names; any other works too")
  String region = "";

  @Option(
      names = "--no-capacity",
      defaultValue = "${env:BERTH_NO_CAPACITY:-wait}",
      description =
          "a task that fits on no host: wait (in PROVISIONING) or fail (RESOURCE:CPU, as on AWS)")
  NoCapacity noCapacity = NoCapacity.wait;

  @Option(
      names = "--public-pool",
      paramLabel = "CIDR",
      defaultValue = "${env:BERTH_PUBLIC_POOL:-100.127.0.0/16}",
      description =
          "addresses for assignPublicIp, NAT gateways and elastic addresses; default:"
              + " ${DEFAULT-VALUE}, which only this machine reaches")
  String publicPool = "";

  @Option(
      names = "--stopped-task-kept",
      paramLabel = "SECONDS",
      defaultValue = "${env:BERTH_STOPPED_TASK_KEPT_SECONDS:-3600}",
      description = "how long a stopped task stays visible; default: ${DEFAULT-VALUE}")
  long stoppedTaskKeptSeconds;

  @Option(
      names = "--host-lost-after",
      paramLabel = "SECONDS",
      defaultValue = "${env:BERTH_HOST_LOST_AFTER_SECONDS:-60}",
      description =
          "a host that is not heard of for so long is given up, and its tasks with it; default:"
              + " ${DEFAULT-VALUE}")
  long hostLostAfterSeconds;

  @Option(
      names = "--role-session",
      paramLabel = "SECONDS",
      defaultValue = "${env:BERTH_ROLE_SESSION_SECONDS:-21600}",
      description =
          "how long credentials of a task's role are valid; new ones come after half of it;"
              + " default: ${DEFAULT-VALUE}")
  long roleSessionSeconds;

  @Option(
      names = "--no-agent",
      defaultValue = "${env:BERTH_NO_AGENT:-false}",
      description = "run no tasks here, only on agents of other processes")
  boolean withoutAgent;

  @Option(names = "--train", hidden = true, description = "touch everything once, then end")
  boolean train;

  @Mixin S3Options s3 = new S3Options();

  @Mixin HostOptions host = new HostOptions();

  /** As it is written on the command line. */
  enum NoCapacity {
    wait,
    fail
  }

  @Override
  public Integer call() throws Exception {
    if (train) {
      Training.run(this);
      return 0;
    }
    Server.run(this);
    return 0;
  }

  AccountId accountId() {
    return new AccountId(account);
  }

  Region firstRegion() {
    return new Region(region);
  }

  Cidr publicAddresses() {
    return Cidr.parse(publicPool);
  }

  Duration sessionValidity() {
    return Duration.ofSeconds(roleSessionSeconds);
  }

  TaskCommands.NoCapacity whenFull() {
    return switch (noCapacity) {
      case wait -> TaskCommands.NoCapacity.WAIT;
      case fail -> TaskCommands.NoCapacity.FAIL;
    };
  }

  Rounds.Settings patience() {
    return new Rounds.Settings(
        Duration.ofSeconds(hostLostAfterSeconds),
        Duration.ofSeconds(stoppedTaskKeptSeconds),
        Rounds.Settings.STANDARD.runTokenKept());
  }
}
