package dev.berth.cli.command;

import dev.berth.cli.endpoint.BerthClient;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks the endpoint. */
@Command
abstract class EndpointCommand implements Callable<Integer> {
  static final int DONE = 0;
  static final int FAILED = 1;

  @Mixin private final Connection connection;

  // Set by picocli before the command runs.
  @Spec private @Nullable CommandSpec spec;

  EndpointCommand(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  BerthClient client() {
    return connection.client();
  }

  PrintWriter out() {
    return spec().commandLine().getOut();
  }

  PrintWriter err() {
    return spec().commandLine().getErr();
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("a command runs only after picocli read its arguments");
    }
    return spec;
  }
}
