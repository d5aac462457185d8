package dev.berth.agent.runtime;

import dev.berth.agent.linux.Descriptor;
import dev.berth.agent.linux.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds and runs the host's programs. */
final class Programs {
  /** No program called here takes longer, or something is wrong with it. */
  private static final long RUN_MILLIS_MAX = 30_000;

  private static final int COMPLAINT_BYTE_COUNT_MAX = 16_384;

  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/local/bin"),
          Path.of("/usr/local/sbin"),
          Path.of("/usr/bin"),
          Path.of("/usr/sbin"),
          Path.of("/bin"),
          Path.of("/sbin"),
          Path.of("/usr/libexec/podman"));

  /** All that a program of ours sees of an environment. */
  static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private final Spawner spawner;

  Programs(Spawner spawner) {
    this.spawner = spawner;
  }

  /** The program by its name in the usual folders. */
  static Optional<Path> find(String name) {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** How a program ended, and what it said on standard error. */
  record Outcome(int exitCode, String complaint) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** Runs it to its end, with nothing to read and nobody to hear its standard output. */
  @SuppressWarnings("try") // Our end for writing is closed early, or the end would never be read.
  Outcome run(List<String> command) throws IOException, InterruptedException {
    var pipe = Descriptor.Pipe.open();
    try (var reading = pipe.reading();
        var writing = pipe.writing();
        var input = Descriptor.open(Path.of("/dev/null"), Descriptor.O_RDONLY);
        var output = Descriptor.open(Path.of("/dev/null"), Descriptor.O_WRONLY)) {
      var child =
          spawner.spawn(
              new Spawner.Command(
                  command, Path.of("/"), ENVIRONMENT, List.of(input, output, writing)));
      writing.close();
      int exitCode = child.await(RUN_MILLIS_MAX);
      if (exitCode == 0) {
        return new Outcome(0, "");
      }
      // It has ended, so what it said is in the pipe, and its end too.
      var complaint =
          new String(reading.read(COMPLAINT_BYTE_COUNT_MAX), StandardCharsets.UTF_8).strip();
      return new Outcome(exitCode, complaint);
    }
  }
}
