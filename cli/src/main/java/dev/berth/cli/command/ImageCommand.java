package dev.berth.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.cli.endpoint.BerthClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The images that Berth holds itself, without a registry. */
@Command(
    name = "image",
    description = "Loads and lists images.",
    synopsisSubcommandLabel = "COMMAND")
public final class ImageCommand {
  private static final double BYTES_PER_MIB = 1 << 20;

  private ImageCommand() {}

  /** The command with its subcommands. */
  public static CommandLine commandLine(Supplier<Connection> connection) {
    return new CommandLine(new ImageCommand())
        .addSubcommand(new Load(connection.get()))
        .addSubcommand(new Ls(connection.get()));
  }

  private static void print(JsonNode images, PrintWriter out) {
    var table = new Table("IMAGE", "DIGEST", "MIB");
    for (JsonNode image : images) {
      table.row(
          image.path("reference").asText("-"),
          image.path("digest").asText("-"),
          "%.1f".formatted(image.path("sizeBytes").asLong() / BYTES_PER_MIB));
    }
    table.print(out);
  }

  @Command(
      name = "load",
      description = "Loads an OCI or Docker archive into Berth.",
      footer = {
        "",
        "Examples:",
        "  ./berth image load nginx.tar web/nginx:1",
        "  docker save web:1 >web.tar && ./berth image load web.tar"
      })
  private static final class Load extends EndpointCommand {
    private static final long PERCENT = 100;

    @Parameters(index = "0", paramLabel = "FILE", description = "The archive.")
    private Path file = Path.of("");

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NAME:TAG",
        description = "Its name; the archive's own names are kept if left out.")
    private String reference = "";

    Load(Connection connection) {
      super(connection);
    }

    @Override
    public Integer call() throws IOException {
      if (!Files.isRegularFile(file)) {
        err().println("berth: there is no file " + file);
        return FAILED;
      }
      BerthClient client = client();
      long sizeBytes = Files.size(file);
      try (InputStream archive = Files.newInputStream(file)) {
        JsonNode loaded = client.loadImage(archive, sizeBytes, reference, progress(sizeBytes));
        print(loaded.path("images"), out());
      }
      return DONE;
    }

    private LongConsumer progress(long sizeBytes) {
      if (!connection().isWatched()) {
        return _ -> {};
      }
      return sentBytes -> {
        err().print("\rsending %3d %%".formatted(sentBytes * PERCENT / Math.max(1, sizeBytes)));
        err().print(sentBytes >= sizeBytes ? ", unpacking\r" : "");
        err().flush();
      };
    }
  }

  @Command(name = "ls", description = "Lists the images that Berth holds.")
  private static final class Ls extends EndpointCommand {
    Ls(Connection connection) {
      super(connection);
    }

    @Override
    public Integer call() {
      print(client().operator("ListImages", BerthClient.input()).path("images"), out());
      return DONE;
    }
  }
}
