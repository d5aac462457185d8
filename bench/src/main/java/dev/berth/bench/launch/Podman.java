package dev.berth.bench.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code podman run} with a storage of its own: with its usual network, as every task of Berth has
 * one, or without any, its cheapest way.
 */
final class Podman implements Contender {
  /** Of its usual network, which podman makes when it needs it and leaves there. */
  private static final Path BRIDGE = Path.of("/sys/class/net/cni-podman0");

  private final List<String> podman;
  private final String image;
  private final boolean networked;
  private final boolean hadBridge = Files.exists(BRIDGE);

  Podman(Path folder, Path archive, boolean networked) throws IOException, InterruptedException {
    this.networked = networked;
    this.podman =
        List.of(
            "podman",
            "--root",
            folder.resolve("root").toString(),
            "--runroot",
            folder.resolve("run").toString(),
            "--cgroup-manager",
            "cgroupfs",
            "--events-backend",
            "none");
    String said = Shell.run(with("load", "-q", "-i", archive.toString())).strip();
    this.image = said.substring(said.lastIndexOf(' ') + 1);
  }

  @Override
  public String name() {
    return networked ? "podman run" : "podman, no net";
  }

  @Override
  public double launchMillis() throws IOException, InterruptedException {
    // Limits of its own: those it sets by itself may be above what this machine allows.
    return Shell.millisToFirstByte(
        with(
            "run",
            "--rm",
            "--ulimit=nofile=1024:1024",
            "--ulimit=nproc=1024:1024",
            networked ? "--network=podman" : "--network=none",
            image,
            "echo",
            "x"));
  }

  @Override
  public void close() throws IOException {
    Shell.runToEnd(with("rmi", "-f", image));
    if (networked && !hadBridge && Files.exists(BRIDGE)) {
      Shell.runToEnd(List.of("ip", "link", "delete", BRIDGE.getFileName().toString()));
    }
  }

  private List<String> with(String... arguments) {
    var command = new ArrayList<>(podman);
    command.addAll(List.of(arguments));
    return command;
  }
}
