package dev.berth.cli.command;

import dev.berth.cli.endpoint.Endpoint;
import dev.berth.model.signature.Credentials;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** Prints what a shell must export so that AWS's clients talk to Berth. */
@Command(
    name = "env",
    description = "Prints shell lines that make the aws CLI and the SDKs talk to Berth.",
    footer = {
      "",
      "Example:",
      "  eval \"$(./berth env)\" && aws sts get-caller-identity",
      "An aws CLI older than 2.13 ignores AWS_ENDPOINT_URL: give it",
      "  --endpoint-url \"$AWS_ENDPOINT_URL\""
    })
public final class EnvCommand extends EndpointCommand {

  /** The command, before its arguments are read. */
  public EnvCommand(Connection connection) {
    super(connection);
  }

  @Override
  public Integer call() {
    printExports(connection().operatorEndpoint(), out());
    return DONE;
  }

  static void printExports(Endpoint endpoint, PrintWriter out) {
    Credentials credentials = endpoint.credentials();
    export(out, "AWS_ENDPOINT_URL", endpoint.uri().toString());
    export(out, "AWS_REGION", endpoint.region());
    export(out, "AWS_DEFAULT_REGION", endpoint.region());
    export(out, "AWS_ACCESS_KEY_ID", credentials.accessKeyId());
    export(out, "AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
    // What another session left would come before this key, or make its requests invalid.
    out.println("unset AWS_SESSION_TOKEN AWS_PROFILE");
  }

  private static void export(PrintWriter out, String name, String value) {
    out.println("export %s='%s'".formatted(name, value.replace("'", "'\\''")));
  }
}
