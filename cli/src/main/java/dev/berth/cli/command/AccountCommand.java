package dev.berth.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.Endpoint;
import dev.berth.model.signature.Credentials;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Accounts: name spaces of resources, each with keys of its own. */
@Command(name = "account", description = "Makes accounts.", synopsisSubcommandLabel = "COMMAND")
public final class AccountCommand {
  private AccountCommand() {}

  /** The command with its subcommands. */
  public static CommandLine commandLine(Supplier<Connection> connection) {
    return new CommandLine(new AccountCommand()).addSubcommand(new Create(connection.get()));
  }

  @Command(
      name = "create",
      description = "Makes an account, and prints the lines that let a shell act as it.",
      footer = {"", "Example:", "  eval \"$(./berth account create 210987654321)\""})
  private static final class Create extends EndpointCommand {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "ACCOUNT",
        description = "Twelve digits; chosen by Berth if left out.")
    private String account = "";

    Create(Connection connection) {
      super(connection);
    }

    @Override
    public Integer call() {
      ObjectNode input = BerthClient.input();
      if (!account.isEmpty()) {
        input.put("account", account);
      }
      BerthClient client = client();
      JsonNode created = client.operator("CreateAccount", input);
      var key =
          new Credentials(
              created.path("accessKeyId").asText(), created.path("secretAccessKey").asText());
      out().println("# account " + created.path("account").asText());
      Endpoint own = client.endpoint();
      EnvCommand.printExports(new Endpoint(own.uri(), own.region(), key), out());
      return DONE;
    }
  }
}
