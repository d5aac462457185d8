package dev.berth.agent.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.linux.Descriptor;
import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.agent.linux.Signals;
import dev.berth.agent.linux.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs a second program inside a container, through the OCI runtime.
 *
 * <p>A killed agent leaves at most the program itself, which ends with its container.
 */
final class ContainerCommand {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path NOTHING = Path.of("/dev/null");

  /** From the end of a killed program until the runtime has ended too. */
  private static final long END_MILLIS_MAX = 5_000;

  private final OciRuntime runtime;
  private final Spawner spawner;

  ContainerCommand(OciRuntime runtime, Spawner spawner) {
    this.runtime = runtime;
    this.spawner = spawner;
  }

  /** One at a time in one container. */
  boolean passes(Bundle bundle, List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    var process = bundle.file("check.json");
    var pidFile = bundle.file("check.pid");
    Files.deleteIfExists(pidFile);
    BundleWriter.writeForRootAlone(process, MAPPER.writeValueAsBytes(process(bundle, command)));
    try (var input = Descriptor.open(NOTHING, Descriptor.O_RDONLY);
        var output = Descriptor.open(NOTHING, Descriptor.O_WRONLY)) {
      var child =
          spawner.spawn(
              new Spawner.Command(
                  runtime.command(
                      "exec",
                      "--process",
                      process.toString(),
                      "--pid-file",
                      pidFile.toString(),
                      bundle.key().runtimeId()),
                  bundle.folder(),
                  Programs.ENVIRONMENT,
                  List.of(input, output, output)));
      try {
        var exitCode = child.awaitWithin(timeout.toMillis());
        if (exitCode.isPresent()) {
          return exitCode.getAsInt() == 0;
        }
      } catch (InterruptedException e) {
        end(bundle, pidFile);
        child.kill();
        throw e;
      }
      end(bundle, pidFile);
      if (child.awaitWithin(END_MILLIS_MAX).isEmpty()) {
        child.kill();
      }
      return false;
    }
  }

  /** The container's own process, with another program. */
  private static ObjectNode process(Bundle bundle, List<String> command) throws IOException {
    var config = MAPPER.readTree(Files.readAllBytes(bundle.config()));
    if (!(config.path("process") instanceof ObjectNode process)) {
      throw new RuntimeFailure(bundle.key().runtimeId() + ": its configuration has no process");
    }
    process.put("terminal", false);
    command.forEach(process.putArray("args")::add);
    return process;
  }

  private static void end(Bundle bundle, Path pidFile) throws IOException {
    var pid = bundle.pid(pidFile);
    if (pid.isPresent()) {
      var program = ProcessIdentity.of(pid.get());
      if (program.isPresent()) {
        program.get().signal(Signals.SIGKILL);
      }
    }
  }
}
