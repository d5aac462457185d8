package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.EVERYTHING;
import static dev.berth.agent.network.VpcRoom.OTHER_VPC;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.plan;
import static dev.berth.agent.network.VpcRoom.reaches;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcRoom.Guest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The API as tasks reach it, with a server on the host's loopback that stands for it. */
@Timeout(60)
final class ApiForwarderTest {
  private static final String METADATA = "169.254.170.2";
  private static final int READ_MILLIS_MAX = 10_000;

  private final ConcurrentLinkedQueue<String> hosts = new ConcurrentLinkedQueue<>();
  private VpcRoom room;
  private HttpServer api;

  @BeforeEach
  void open() throws Exception {
    room = new VpcRoom(false);
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    api.createContext(
        "/",
        exchange -> {
          hosts.add(exchange.getRequestHeaders().getFirst("Host"));
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    api.start();
    room.networks.forward(api.getAddress());
    room.networks.plan(plan(VPC, 1, List.of(), List.of(plan(1, List.of(), List.of(EVERYTHING)))));
    room.networks.plan(plan(OTHER_VPC, 1, List.of(), List.of(plan(1, List.of(), List.of()))));
  }

  @AfterEach
  void close() throws Exception {
    api.stop(0);
    room.close();
  }

  @Test
  void aTaskOfEveryVpcReachesItWhateverItsGroupsSayAndItSeesWhatWasSigned() throws Exception {
    for (var vpc : List.of(VPC, OTHER_VPC)) {
      Guest guest = room.attach(vpc, "172.29.0.10", VpcRoom.group(1));

      assertThat(say(guest, "hello")).endsWith("hello");
    }
    assertThat(hosts).containsExactly("169.254.170.2:4510", "169.254.170.2:4510");
  }

  @Test
  void nothingElseOfTheHostIsReached() throws Exception {
    Guest guest = room.attach(VPC, "172.29.0.10", VpcRoom.group(1));
    int port = api.getAddress().getPort();

    assertThat(reaches(guest, METADATA, 4510)).isTrue();
    for (String address : List.of(METADATA, "127.0.0.1", "169.254.171.1", "172.29.0.1")) {
      assertThat(reaches(guest, address, port)).as(address).isFalse();
    }
    assertThat(reaches(guest, "172.29.0.1", 4510)).isFalse();
  }

  @Test
  void oneTaskTakesNoMoreThanItsShareOfConnections() throws Exception {
    Guest greedy = room.attach(VPC, "172.29.0.10", VpcRoom.group(1));
    Guest modest = room.attach(VPC, "172.29.0.11", VpcRoom.group(1));
    var taken = new ArrayList<Socket>();
    try {
      for (int count = 0; count < ApiForwarder.TASK_CONNECTION_COUNT_MAX; count++) {
        taken.add(connect(greedy));
        assertThat(said(taken.getLast(), "a", true)).endsWith("a");
      }
      assertThatThrownBy(() -> say(greedy, "one more")).isInstanceOf(IOException.class);
      assertThat(say(modest, "hello")).endsWith("hello");

      taken.removeLast().close();
      assertThat(eventually(greedy)).endsWith("again");
    } finally {
      for (var socket : taken) {
        socket.close();
      }
    }
  }

  @Test
  void anApiThatIsGoneEndsTheConnectionAndOneThatIsBackIsReached() throws Exception {
    Guest guest = room.attach(VPC, "172.29.0.10", VpcRoom.group(1));
    room.restart();
    room.networks.forward(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    assertThatThrownBy(() -> say(guest, "hello")).isInstanceOf(IOException.class);

    room.restart();
    room.networks.forward(api.getAddress());
    assertThat(say(guest, "hello")).endsWith("hello");
  }

  private static String eventually(Guest guest) throws Exception {
    for (int round = 0; round < 100; round++) {
      try {
        return say(guest, "again");
      } catch (IOException notYet) {
        Thread.sleep(20);
      }
    }
    return "never";
  }

  private static Socket connect(Guest guest) throws IOException {
    return Namespaces.inNetwork(guest.namespace(), () -> new Socket(METADATA, 4510));
  }

  private static String say(Guest guest, String body) throws IOException {
    try (var socket = connect(guest)) {
      return said(socket, body, false);
    }
  }

  /** One request, and all of its answer. */
  private static String said(Socket socket, String body, boolean keep) throws IOException {
    socket.setSoTimeout(READ_MILLIS_MAX);
    socket
        .getOutputStream()
        .write(
            "POST / HTTP/1.1\r\nHost: %s:4510\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(METADATA, keep ? "keep-alive" : "close", body.length(), body)
                .getBytes(UTF_8));
    var answer = new StringBuilder();
    while (!answer.toString().contains("\r\n\r\n" + body)) {
      int letter = socket.getInputStream().read();
      if (letter < 0) {
        throw new IOException("the connection has ended: " + answer);
      }
      answer.append((char) letter);
    }
    return answer.toString();
  }
}
