package dev.berth.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.app.HostLayout;
import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.CallFailed;
import dev.berth.cli.endpoint.Endpoint;
import dev.berth.cli.endpoint.EndpointLookup;
import dev.berth.cli.image.WelcomeImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real server in a process of its own, on a folder and a port of its own. It may be killed and
 * started again as often as one likes; closing it ends its tasks and takes away all that it left on
 * the machine.
 */
public final class RunningBerth implements AutoCloseable {
  /** The image that {@link #loadBusybox} loads: a shell and the small programs. */
  public static final String BUSYBOX = WelcomeImage.REFERENCE;

  private static final long READY_SECONDS_MAX = 40;
  private static final long POLL_MILLIS = 20;
  private static final int HTTP_TIMEOUT_MILLIS = 2_000;

  private final Path data;
  private final int port;
  private final Map<String, String> variables;
  private final List<String> arguments;
  private final HostLayout host;
  private final Path log;
  private BerthProcess process;

  private RunningBerth(Path data, int port, Map<String, String> variables, List<String> options)
      throws IOException {
    this.variables = Map.copyOf(variables);
    this.data = Files.createDirectories(data).toRealPath();
    this.port = port;
    this.host = HostLayout.ofServer(this.data);
    this.log = this.data.resolve("berth.log");
    this.arguments = new ArrayList<>(List.of("server", "--data", this.data.toString()));
    this.arguments.addAll(List.of("--port", Integer.toString(port)));
    this.arguments.addAll(options);
    this.process = BerthProcess.start(log, variables, this.arguments);
  }

  /** Starts a server and waits until it answers. */
  public static RunningBerth start(Path data, String... options)
      throws IOException, InterruptedException {
    return start(data, Map.of(), options);
  }

  /** The same, with variables in its environment. */
  public static RunningBerth start(Path data, Map<String, String> variables, String... options)
      throws IOException, InterruptedException {
    var berth = new RunningBerth(data, freePort(), variables, List.of(options));
    berth.awaitReady();
    return berth;
  }

  /** A port of loopback that was free a moment ago. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** SIGKILL to the server. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /** SIGKILL to the server's whole process group. */
  public void killGroup() throws IOException, InterruptedException {
    process.killGroup();
  }

  /** Starts the killed server again, and does not wait for it. */
  public void startAgain() throws IOException {
    process = BerthProcess.start(log, variables, arguments);
  }

  /** Waits until the server answers. */
  public void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_SECONDS_MAX * 1_000_000_000L;
    while (!isReady()) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the server has ended:\n" + process.lastWords());
      }
      if (System.nanoTime() > deadline) {
        process.dumpThreads();
        throw new IllegalStateException("the server is not ready:\n" + process.lastWords());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean isReady() {
    if (!Files.exists(data.resolve("operator.json"))) {
      return false;
    }
    try {
      var health = URI.create("http://127.0.0.1:" + port + "/_berth/health").toURL();
      var connection = (HttpURLConnection) health.openConnection();
      connection.setConnectTimeout(HTTP_TIMEOUT_MILLIS);
      connection.setReadTimeout(HTTP_TIMEOUT_MILLIS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The server's process id. */
  public long pid() {
    return process.pid();
  }

  public Path data() {
    return data;
  }

  /** The folders and names of the server's own agent. */
  public HostLayout host() {
    return host;
  }

  /** Where the operator's key is accepted. */
  public Endpoint endpoint() {
    return new EndpointLookup(Map.of()).ofDataFolder(data);
  }

  /** A client that signs as the operator. */
  public BerthClient client() {
    return new BerthClient(endpoint(), InstantSource.system());
  }

  /**
   * The input of a RunTask.
   *
   * @param subnets such as {@link BerthClient#defaultSubnets()}
   */
  public static ObjectNode runTask(String taskDefinition, List<String> subnets) {
    ObjectNode wish = BerthClient.input();
    wish.put("taskDefinition", taskDefinition).put("launchType", "FARGATE");
    var places =
        wish.putObject("networkConfiguration").putObject("awsvpcConfiguration").putArray("subnets");
    subnets.forEach(places::add);
    return wish;
  }

  /** What the server said last. */
  public String lastWords() {
    return process.lastWords();
  }

  /** Loads {@link #BUSYBOX} through the endpoint. */
  public void loadBusybox() throws IOException {
    byte[] archive = busyboxArchive();
    JsonNode _ =
        client().loadImage(new ByteArrayInputStream(archive), archive.length, BUSYBOX, _ -> {});
  }

  /** The archive of {@link #BUSYBOX}, with this machine's busybox, which must be static. */
  public static byte[] busyboxArchive() throws IOException {
    return WelcomeImage.archive(Files.readAllBytes(Busybox.path()));
  }

  /** Stops every task, ends the server, and takes away what is left of its agent. */
  @Override
  public void close() throws IOException {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server of " + data + " was ended", e);
    }
  }

  private void end() throws IOException, InterruptedException {
    try {
      if (!process.isAlive()) {
        startAgain();
      }
      awaitReady();
      if (!new TaskStops(client()).stopAll()) {
        System.err.println("some tasks do not stop");
      }
    } catch (CallFailed | IllegalStateException failure) {
      System.err.println("not all tasks were stopped: " + failure.getMessage());
    }
    process.kill();
    Retirement.retire(host, log);
  }
}
