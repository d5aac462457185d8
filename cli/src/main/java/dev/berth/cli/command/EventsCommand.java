package dev.berth.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.cli.endpoint.BerthClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what became of tasks, an event a line. */
@Command(
    name = "events",
    description = {
      "Prints the changes of tasks in this account and region, each as EventBridge shapes it, a line"
          + " of JSON an event.",
      "The server keeps the newest ones since its start."
    },
    footer = {
      "",
      "Examples:",
      "  ./berth events",
      "  ./berth events --follow | jq '[.detail.taskArn, .detail.lastStatus]'"
    })
public final class EventsCommand extends EndpointCommand {
  /** The server holds a reading back that long while there is nothing new. */
  private static final int WAIT_MILLIS = 10_000;

  @Option(
      names = {"-f", "--follow"},
      description = "Only those from now on, as they come, until it is interrupted.")
  private boolean follow;

  /** The command, before its arguments are read. */
  public EventsCommand(Connection connection) {
    super(connection);
  }

  @Override
  public Integer call() {
    BerthClient client = client();
    long next = follow ? read(client, BerthClient.input()).path("next").asLong() : 0;
    boolean more = true;
    while (more) {
      ObjectNode input = BerthClient.input().put("after", next);
      JsonNode answer = read(client, input.put("waitMillis", follow ? WAIT_MILLIS : 0));
      answer.path("events").forEach(event -> out().println(event));
      out().flush();
      next = answer.path("next").asLong(next);
      more = follow || !answer.path("events").isEmpty();
    }
    return DONE;
  }

  private static JsonNode read(BerthClient client, ObjectNode input) {
    return client.operator("ReadTaskEvents", input);
  }
}
