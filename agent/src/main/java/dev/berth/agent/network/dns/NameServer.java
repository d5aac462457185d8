package dev.berth.agent.network.dns;

import dev.berth.agent.linux.Namespaces;
import dev.berth.model.network.IpAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for questions in one router's namespace, over UDP and TCP, on virtual threads. */
public final class NameServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);

  /** At the same time; a question beyond is dropped, and its asker asks again. */
  private static final int QUESTION_COUNT_MAX = 512;

  private static final int STREAM_IDLE_MILLIS_MAX = 10_000;
  private static final int BACKLOG = 64;

  private final Answers answers;
  private final List<AutoCloseable> sockets = new ArrayList<>();
  private final Semaphore questions = new Semaphore(QUESTION_COUNT_MAX);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dns-", 0).factory());

  private NameServer(Answers answers) {
    this.answers = answers;
  }

  /**
   * Listens on these addresses, which the namespace has.
   *
   * @param names as they are now; asked for each question
   */
  public static NameServer open(
      Path namespace, List<IpAddress> addresses, Supplier<VpcNames> names, HostResolvers host)
      throws IOException {
    var server = new NameServer(new Answers(names, host));
    try {
      for (var address : addresses) {
        var place = new InetSocketAddress(address.inet(), HostResolvers.PORT);
        var datagrams = Namespaces.inNetwork(namespace, () -> new DatagramSocket(place));
        server.sockets.add(datagrams);
        var streams =
            Namespaces.inNetwork(
                namespace, () -> new ServerSocket(place.getPort(), BACKLOG, place.getAddress()));
        server.sockets.add(streams);
        server.threads.execute(() -> server.receive(datagrams));
        server.threads.execute(() -> server.accept(streams));
      }
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private void receive(DatagramSocket socket) {
    while (!socket.isClosed()) {
      try {
        var packet =
            new DatagramPacket(
                new byte[HostResolvers.MESSAGE_BYTE_COUNT_MAX],
                HostResolvers.MESSAGE_BYTE_COUNT_MAX);
        socket.receive(packet);
        if (questions.tryAcquire()) {
          begin(() -> answer(socket, packet));
        }
      } catch (IOException e) {
        LOG.atDebug().setCause(e).log("no question received");
      }
    }
  }

  private void answer(DatagramSocket socket, DatagramPacket packet) {
    try {
      var question = Arrays.copyOf(packet.getData(), packet.getLength());
      var answer = answers.answer(question, false);
      if (answer.length > 0) {
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a question is not answered");
    } finally {
      questions.release();
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        if (questions.tryAcquire()) {
          begin(() -> answer(connection));
        } else {
          connection.close();
        }
      } catch (IOException e) {
        LOG.atDebug().setCause(e).log("no connection accepted");
      }
    }
  }

  /** Several questions may come by one connection, one after the other. */
  private void answer(Socket connection) {
    try (connection) {
      connection.setSoTimeout(STREAM_IDLE_MILLIS_MAX);
      var in = new DataInputStream(connection.getInputStream());
      var out = new DataOutputStream(connection.getOutputStream());
      while (true) {
        var answer = answers.answer(HostResolvers.read(in), true);
        if (answer.length == 0) {
          return;
        }
        HostResolvers.write(out, answer);
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a connection for questions ended");
    } finally {
      questions.release();
    }
  }

  private void begin(Runnable answering) {
    try {
      threads.execute(answering);
    } catch (RejectedExecutionException closed) {
      questions.release();
    }
  }

  @Override
  public void close() {
    for (var socket : sockets) {
      try {
        socket.close();
      } catch (Exception e) {
        LOG.atDebug().setCause(e).log("not closed");
      }
    }
    threads.shutdownNow();
  }
}
