package dev.berth.bench.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ctr run} over a containerd of its own. */
final class Containerd implements Contender {
  private static final long READY_MILLIS_MAX = 20_000;
  private static final long POLL_MILLIS = 50;

  private final Process daemon;
  private final Path socket;
  private final String image;
  private int count;

  Containerd(Path folder, Path archive) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    this.socket = folder.resolve("containerd.sock");
    this.daemon =
        new ProcessBuilder(
                "containerd",
                "--root",
                folder.resolve("root").toString(),
                "--state",
                folder.resolve("state").toString(),
                "--address",
                socket.toString(),
                "--log-level",
                "error")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    awaitReady();
    Shell.run(with("images", "import", archive.toString()));
    this.image = Shell.run(with("images", "list", "-q")).strip();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS_MAX);
    while (true) {
      try {
        Shell.run(with("version"));
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > deadline) {
          throw notYet;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  @Override
  public String name() {
    return "ctr run";
  }

  @Override
  public double launchMillis() throws IOException, InterruptedException {
    count++;
    return Shell.millisToFirstByte(with("run", "--rm", image, "bench-" + count, "echo", "x"));
  }

  @Override
  public void close() throws IOException {
    daemon.destroy();
    daemon.onExit().join();
  }

  private List<String> with(String... arguments) {
    var command = new ArrayList<>(List.of("ctr", "--address", socket.toString()));
    command.addAll(List.of(arguments));
    return command;
  }
}
