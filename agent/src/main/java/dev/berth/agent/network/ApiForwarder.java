package dev.berth.agent.network;

import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.RouterListener.Callers;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.IpAddress;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AWS's API inside one VPC: a port at 169.254.170.2 from which bytes go to the API and back, as
 * they are. So the API sees the host that the client has signed, and nothing is opened but it.
 */
final class ApiForwarder implements AutoCloseable {
  /** Berth's own usual one. */
  static final int PORT = VpcRules.API_PORT;

  /** So that one task cannot take what all need. */
  static final int TASK_CONNECTION_COUNT_MAX = 128;

  private static final int BACKLOG = 64;
  private static final int CONNECT_MILLIS_MAX = 2_000;

  /** A task that is gone says no farewell. */
  private static final int KEEP_ALIVE_SECONDS = 60;

  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ApiForwarder.class);

  private final ServerSocket listener;
  private final Callers callers;
  private final InetSocketAddress api;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<TaskId, Integer> counts = new ConcurrentHashMap<>();

  private ApiForwarder(ServerSocket listener, Callers callers, InetSocketAddress api) {
    this.listener = listener;
    this.callers = callers;
    this.api = api;
    Thread.ofVirtual().name("api-forwarder").start(this::accept);
  }

  static ApiForwarder open(Path namespace, Callers callers, InetSocketAddress api)
      throws IOException {
    // A socket is of the namespace of the thread that opens it, and is served from any other.
    var listener =
        Namespaces.inNetwork(
            namespace, () -> new ServerSocket(PORT, BACKLOG, VpcRules.METADATA.inet()));
    return new ApiForwarder(listener, callers, api);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var task = listener.accept();
        Thread.ofVirtual().name("api-connection").start(() -> admit(task));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.atWarn().setCause(e).log("a task's connection to the API is not taken");
        }
      }
    }
  }

  private void admit(Socket client) {
    try (client) {
      open.add(client);
      var caller = callers.of(IpAddress.of(client.getInetAddress().getAddress()));
      if (caller.isPresent()) {
        counted(caller.get().task(), client);
      }
    } catch (IOException | RuntimeException e) {
      LOG.atDebug().setCause(e).log("a task's connection to the API has broken");
    } finally {
      open.remove(client);
    }
  }

  private void counted(TaskId task, Socket client) throws IOException {
    try {
      if (counts.merge(task, 1, Integer::sum) <= TASK_CONNECTION_COUNT_MAX) {
        forward(client);
      }
    } finally {
      counts.computeIfPresent(task, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private void forward(Socket client) throws IOException {
    try (var server = new Socket()) {
      open.add(server);
      server.connect(api, CONNECT_MILLIS_MAX);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      client.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
      var answers = Thread.ofVirtual().name("api-answers").start(() -> answer(server, client));
      pump(client, server);
      join(answers);
    } finally {
      open.removeIf(Socket::isClosed);
    }
  }

  /** The API's last word ends the connection, once the client has had time to read it. */
  private static void answer(Socket server, Socket client) {
    pump(server, client);
    try {
      Thread.sleep(FAREWELL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(server);
    close(client);
  }

  /** Until the one has said all, which the other is told; a break ends both. */
  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException broken) {
      close(from);
      close(to);
    }
  }

  private static void join(Thread answers) {
    try {
      answers.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Nobody interrupts these; closing the sockets ends them.
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a socket is not closed");
    }
  }

  /** Takes no more, and breaks what is open. */
  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(ApiForwarder::close);
  }
}
