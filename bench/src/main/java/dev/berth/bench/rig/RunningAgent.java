package dev.berth.bench.rig;

import dev.berth.app.HostLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real agent in a process of its own, for a server that is another one. Its tasks are to be
 * stopped before it is closed.
 */
public final class RunningAgent implements AutoCloseable {
  private final HostLayout host;
  private final Path log;
  private final List<String> arguments;
  private BerthProcess process;

  private RunningAgent(Path data, List<String> options) throws IOException {
    this.host = new HostLayout(Files.createDirectories(data).toRealPath());
    this.log = host.data().resolve("agent.log");
    this.arguments = new ArrayList<>(List.of("agent", "--data", host.data().toString()));
    this.arguments.addAll(options);
    this.process = BerthProcess.start(log, arguments);
  }

  /** Starts an agent that calls a server of this machine, and does not wait for it. */
  public static RunningAgent start(Path data, RunningBerth server, int linkPort, String... options)
      throws IOException {
    var all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--link-port", Integer.toString(linkPort)));
    all.addAll(List.of("--token-file", server.data().resolve("link-token").toString()));
    return new RunningAgent(data, all);
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /** Starts the killed agent again, and does not wait for it. */
  public void startAgain() throws IOException {
    process = BerthProcess.start(log, arguments);
  }

  /** Its folders and names. */
  public HostLayout host() {
    return host;
  }

  /** What it said last. */
  public String lastWords() {
    return process.lastWords();
  }

  /** Ends it, and takes away what is left of it. */
  @Override
  public void close() throws IOException {
    try {
      process.kill();
      Retirement.retire(host, log);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the agent of " + host.data() + " was ended", e);
    }
  }
}
