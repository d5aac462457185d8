package dev.berth.cli.task;

import java.util.List;
import java.util.Map;

/**
 * What to run, in the words of a task definition with one container.
 *
 * @param command empty for the image's own
 * @param cpu as AWS takes it, such as {@code 256} or {@code 0.25 vCPU}
 * @param memory as AWS takes it, such as {@code 512} or {@code 1 GB}
 * @param subnets empty for those of the default VPC
 */
public record TaskRequest(
    String image,
    List<String> command,
    String cpu,
    String memory,
    Map<String, String> environment,
    String name,
    String cluster,
    List<String> subnets) {
  public TaskRequest {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    subnets = List.copyOf(subnets);
  }
}
