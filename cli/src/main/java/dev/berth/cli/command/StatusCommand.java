package dev.berth.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.cli.endpoint.BerthClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Shows whether Berth runs, what its hosts carry, and which tasks wait and why. */
@Command(
    name = "status",
    description = "Shows the server, its hosts, and which tasks wait and why.")
public final class StatusCommand extends EndpointCommand {

  /** The command, before its arguments are read. */
  public StatusCommand(Connection connection) {
    super(connection);
  }

  @Override
  public Integer call() {
    BerthClient client = client();
    JsonNode status = client.operator("Status", BerthClient.input());
    String version = status.path("version").asText("?");
    String since = status.path("startedAt").asText("?");
    out().println("Berth %s at %s, since %s".formatted(version, client.endpoint().uri(), since));
    out().println();
    HostsCommand.print(status.path("hosts"), out());
    out().println();
    out().println("Tasks: " + counts(status.path("tasks")));
    JsonNode waiting = status.path("waiting");
    if (!waiting.isEmpty()) {
      out().println();
      var table = new Table("WAITING", "BECAUSE");
      for (JsonNode task : waiting) {
        table.row(TaskCommand.shortId(task.path("task").asText()), task.path("reason").asText());
      }
      table.print(out());
    }
    return DONE;
  }

  private static String counts(JsonNode tasks) {
    List<String> counts = new ArrayList<>();
    tasks.forEachEntry((status, count) -> counts.add(status + " " + count.asText()));
    return counts.isEmpty() ? "none" : String.join(", ", counts);
  }
}
