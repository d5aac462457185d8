package dev.berth.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.cli.endpoint.BerthClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Task definitions, before they are registered. */
@Command(
    name = "taskdef",
    description = "Checks task definitions.",
    synopsisSubcommandLabel = "COMMAND")
public final class TaskdefCommand {
  private static final JsonMapper JSON = new JsonMapper();

  private TaskdefCommand() {}

  /** The command with its subcommands. */
  public static CommandLine commandLine(Supplier<Connection> connection) {
    return new CommandLine(new TaskdefCommand()).addSubcommand(new Check(connection.get()));
  }

  @Command(
      name = "check",
      description = {
        "Lists all that is wrong with a task definition at once, each with the path of its member;"
            + " registering it would tell one thing at a time.",
        "Registers nothing. Ends with 1 if anything is wrong, or if Berth cannot run it."
      },
      footer = {
        "",
        "Example:",
        "  ./berth taskdef check web.json"
            + " && aws ecs register-task-definition --cli-input-json file://web.json"
      })
  private static final class Check extends EndpointCommand {
    private static final String WHOLE = "(the whole)";

    @Parameters(
        index = "0",
        paramLabel = "FILE",
        description =
            "JSON as aws ecs register-task-definition --cli-input-json takes it; - reads it from"
                + " the standard input.")
    private String file = "";

    Check(Connection connection) {
      super(connection);
    }

    @Override
    public Integer call() throws IOException {
      Optional<ObjectNode> definition = read();
      if (definition.isEmpty()) {
        return FAILED;
      }
      ObjectNode input = BerthClient.input();
      input.set("taskDefinition", definition.get());
      JsonNode answer = client().operator("CheckTaskDefinition", input);
      JsonNode violations = answer.path("violations");
      JsonNode unbuilt = answer.path("unbuilt");
      if (!violations.isEmpty()) {
        print(violations);
      }
      if (!unbuilt.isEmpty()) {
        if (!violations.isEmpty()) {
          out().println();
        }
        out().println("Accepted when it is registered, but Berth does not run its tasks:");
        print(unbuilt);
      }
      if (violations.isEmpty() && unbuilt.isEmpty()) {
        out().println(file + ": nothing is wrong");
        return DONE;
      }
      return FAILED;
    }

    private void print(JsonNode violations) {
      var table = new Table("MEMBER", "WHAT IS WRONG");
      for (JsonNode violation : violations) {
        String path = violation.path("path").asText();
        table.row(path.isEmpty() ? WHOLE : path, violation.path("message").asText());
      }
      table.print(out());
    }

    private Optional<ObjectNode> read() throws IOException {
      String text;
      try {
        text =
            file.equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(Path.of(file));
      } catch (NoSuchFileException e) {
        err().println("berth: there is no file " + file);
        return Optional.empty();
      } catch (IOException e) {
        err().println("berth: " + file + " cannot be read as text: " + e.getMessage());
        return Optional.empty();
      }
      try {
        if (JSON.readTree(text) instanceof ObjectNode object) {
          return Optional.of(object);
        }
        err().println("berth: " + file + " is JSON, but not an object: no task definition");
      } catch (JsonProcessingException e) {
        var at = e.getLocation();
        err()
            .println(
                "berth: %s is not JSON: line %d, column %d: %s"
                    .formatted(file, at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()));
      }
      return Optional.empty();
    }
  }
}
