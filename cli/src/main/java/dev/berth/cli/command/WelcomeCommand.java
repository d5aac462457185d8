package dev.berth.cli.command;

import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.image.WelcomeImage;
import dev.berth.cli.task.TaskRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a first task, from an image that is made on the spot and needs no registry. */
@Command(
    name = "welcome",
    description = "Runs the welcome task: a shell that tells what a task sees.",
    footer = {
      "",
      "Its image stays loaded as " + WelcomeImage.REFERENCE + ", for tasks of your own:",
      "  ./berth run berth/welcome sh -c 'echo hello from $(hostname)'"
    })
public final class WelcomeCommand extends EndpointCommand {
  private static final String CPU = "256";
  private static final String MEMORY = "512";

  @Option(
      names = "--busybox",
      paramLabel = "FILE",
      description = "A statically linked busybox (default: ${DEFAULT-VALUE}).")
  private Path busybox = Path.of("/bin/busybox");

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Only writes the image, as an OCI archive.")
  private Optional<Path> save = Optional.empty();

  /** The command, before its arguments are read. */
  public WelcomeCommand(Connection connection) {
    super(connection);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isReadable(busybox)) {
      err().println("berth: there is no busybox at " + busybox);
      return FAILED;
    }
    byte[] archive = WelcomeImage.archive(Files.readAllBytes(busybox));
    if (save.isPresent()) {
      Files.write(save.get(), archive);
      return DONE;
    }
    BerthClient client = client();
    client.loadImage(
        new ByteArrayInputStream(archive), archive.length, WelcomeImage.REFERENCE, _ -> {});
    var request =
        new TaskRequest(
            WelcomeImage.REFERENCE,
            List.of(),
            CPU,
            MEMORY,
            Map.of("TASK_CPU", CPU, "TASK_MEMORY", MEMORY),
            "welcome",
            "default",
            List.of());
    return new Foreground(client, out(), err()).run(request, false);
  }
}
