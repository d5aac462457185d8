package dev.berth.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.cli.endpoint.BerthClient;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** Shows the hosts, which no AWS API does. */
@Command(name = "hosts", description = "Shows the hosts and what of them is used.")
public final class HostsCommand extends EndpointCommand {
  private static final double UNITS_PER_VCPU = 1024;

  /** The command, before its arguments are read. */
  public HostsCommand(Connection connection) {
    super(connection);
  }

  @Override
  public Integer call() {
    print(client().operator("Status", BerthClient.input()).path("hosts"), out());
    return DONE;
  }

  static void print(JsonNode hosts, PrintWriter out) {
    var table = new Table("HOST", "ZONE", "STATE", "ARCHITECTURE", "VCPU", "MEMORY MIB", "TASKS");
    for (JsonNode host : hosts) {
      JsonNode used = host.path("used");
      JsonNode capacity = host.path("capacity");
      table.row(
          host.path("id").asText(),
          host.path("zone").asText("-"),
          host.path("state").asText("-"),
          host.path("architecture").asText("-"),
          vcpu(used) + " of " + vcpu(capacity),
          used.path("memoryMib").asLong() + " of " + capacity.path("memoryMib").asLong(),
          host.path("taskCount").asText("0"));
    }
    table.print(out);
  }

  private static String vcpu(JsonNode size) {
    return "%.2f".formatted(size.path("cpuUnits").asLong() / UNITS_PER_VCPU);
  }
}
