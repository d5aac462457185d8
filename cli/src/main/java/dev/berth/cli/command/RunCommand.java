package dev.berth.cli.command;

import dev.berth.cli.task.TaskRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one task in the foreground, as {@code docker run} does with a container. */
@Command(
    name = "run",
    description = "Runs one task, shows its output, and exits with its exit code.",
    footer = {
      "",
      "Exit code: the container's own; 125 if no container ran.",
      "Ctrl-C stops the task: SIGTERM, then SIGKILL after its stop timeout.",
      "",
      "Examples:",
      "  ./berth run berth/welcome",
      "  ./berth run --cpu 1024 --memory 2048 --env LEVEL=debug web/python:3 python3 job.py"
    })
public final class RunCommand extends EndpointCommand {
  @Option(
      names = "--cpu",
      paramLabel = "UNITS",
      description = "CPU units, 1024 a vCPU, or such as '0.25 vCPU' (default: ${DEFAULT-VALUE}).")
  private String cpu = "256";

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      description = "Memory in MiB, or such as '1 GB' (default: ${DEFAULT-VALUE}).")
  private String memory = "512";

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "A variable for the container; may be repeated.")
  private Map<String, String> environment = new LinkedHashMap<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The container's name (default: ${DEFAULT-VALUE}).")
  private String name = "main";

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "The cluster to run in (default: ${DEFAULT-VALUE}).")
  private String cluster = "default";

  @Option(
      names = "--subnet",
      paramLabel = "ID",
      description = "The subnet to run in; may be repeated (default: the default VPC's).")
  private List<String> subnets = List.of();

  @Option(
      names = {"-d", "--detach"},
      description = "Prints the task's ARN and does not wait.")
  private boolean detach;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image to run.")
  private String image = "";

  @Parameters(
      index = "1..*",
      paramLabel = "COMMAND",
      description = "What to run in it; the image's own command if left out.")
  private List<String> command = List.of();

  /** The command, before its arguments are read. */
  public RunCommand(Connection connection) {
    super(connection);
  }

  @Override
  public Integer call() throws InterruptedException {
    var request = new TaskRequest(image, command, cpu, memory, environment, name, cluster, subnets);
    return new Foreground(client(), out(), err()).run(request, detach);
  }
}
