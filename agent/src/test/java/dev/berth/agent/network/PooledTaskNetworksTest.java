package dev.berth.agent.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Belongings;
import dev.berth.agent.linux.Links;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PooledTaskNetworksTest {
  private static final TaskId ONE = new TaskId("1".repeat(32));
  private static final TaskId TWO = new TaskId("2".repeat(32));
  private static final String MARK = "tst" + ProcessHandle.current().pid() % 1000;
  private static final AddressRange RANGE = AddressRange.parse("100.127.240.0/24");

  /** Longer than the second after which a lost first packet is sent again. */
  private static final int CONNECT_MILLIS = 3_000;

  private Path folder;
  private PooledTaskNetworks networks;

  @BeforeEach
  void open() throws Exception {
    folder = Files.createTempDirectory("berth-test-");
    networks = PooledTaskNetworks.open(folder, MARK, RANGE, 2);
  }

  @AfterEach
  void close() throws Exception {
    for (var task : networks.list()) {
      networks.detach(task);
    }
    networks.retire();
    TreeRemoval.remove(folder);
  }

  @Test
  void nothingIsLeftOfADetachedTask() throws Exception {
    var network = networks.attach(ONE);
    assertThat(networks.attach(ONE)).isEqualTo(network);
    assertThat(networks.list()).containsExactly(ONE);
    assertThat(interfaces()).isPositive();
    assertThat(belongings().mounts()).contains(network.namespace().toString());
    assertThat(belongings().tables()).containsExactly("table ip berth_" + MARK);
    networks.detach(ONE);
    networks.detach(ONE);
    assertThat(networks.list()).isEmpty();
    networks.close();
    assertThat(interfaces()).isZero();
    networks.retire();
    assertThat(belongings()).matches(Belongings::isEmpty);
    assertThat(folder.resolve("netns")).isEmptyDirectory();
  }

  @Test
  void twoTasksListenOnTheSamePort() throws Exception {
    var first = networks.attach(ONE);
    var second = networks.attach(TWO);
    assertThat(first.address()).isNotEqualTo(second.address());
    try (var one = Namespaces.inNetwork(first.namespace(), () -> new ServerSocket(8080));
        var two = Namespaces.inNetwork(second.namespace(), () -> new ServerSocket(8080))) {
      assertThat(one.getLocalPort()).isEqualTo(two.getLocalPort());
    }
  }

  @Test
  void loopbackIsUp() throws Exception {
    var network = networks.attach(ONE);
    var heard =
        Namespaces.inNetwork(
            network.namespace(),
            () -> {
              try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return exchange(server, InetAddress.getLoopbackAddress());
              }
            });
    assertThat(heard).isEqualTo("127.0.0.1");
  }

  @Test
  void theWorldIsReachedByTheHostsAddressAndLinkLocalAddressesAreNot() throws Exception {
    // A neighbour of the host, in a namespace of its own behind a pair of interfaces.
    var outside = Files.createFile(folder.resolve("outside"));
    var hostSide = "b" + MARK + "-out";
    byte[] hostAddress = {100, 127, (byte) 241, 1};
    byte[] outsideAddress = {100, 127, (byte) 241, 2};
    byte[] linkLocal = {(byte) 169, (byte) 254, 77, 2};
    try {
      Namespaces.inNewNetwork(
          () -> {
            Mounts.bind(Namespaces.OWN_NETWORK, outside);
            try (var links = new Links()) {
              links.addPair(
                  "eth0",
                  new byte[] {0x0a, 1, 0, 0, 0, 2},
                  hostSide,
                  new byte[] {0x0a, 1, 0, 0, 0, 1},
                  Path.of("/proc/self/ns/net"));
              links.address("eth0", outsideAddress);
              links.address("eth0", linkLocal);
              links.up("eth0");
              links.routeTo(hostAddress, "eth0");
            }
            return outside;
          });
      try (var links = new Links()) {
        links.address(hostSide, hostAddress);
        links.up(hostSide);
        links.routeTo(outsideAddress, hostSide);
        links.routeTo(linkLocal, hostSide);
      }
      var network = networks.attach(ONE);
      try (var server = Namespaces.inNetwork(outside, () -> new ServerSocket(8080))) {
        // It has no route to the task: only a masked source can be answered at all.
        try (var _ = connectFrom(network, outsideAddress);
            var accepted = server.accept()) {
          assertThat(accepted.getInetAddress()).isEqualTo(InetAddress.getByAddress(hostAddress));
        }
        // The host itself gets there, so it is the rule that stops the task.
        try (var _ = connect(InetAddress.getByAddress(linkLocal), 8080)) {
          assertThatThrownBy(() -> connectFrom(network, linkLocal).close())
              .isInstanceOf(IOException.class);
        }
      }
    } finally {
      try (var links = new Links()) {
        links.delete(hostSide);
      }
      Mounts.unmount(outside);
    }
  }

  @Test
  void aRestartKeepsTasksAndRemovesWhatNobodyHas() throws Exception {
    var network = networks.attach(ONE);
    // A killed agent's pool: namespaces that no task names.
    try (var next = PooledTaskNetworks.open(Files.createDirectories(folder), MARK, RANGE, 1)) {
      assertThat(next.list()).containsExactly(ONE);
      assertThat(next.attach(ONE)).isEqualTo(network);
      assertThat(next.attach(TWO).address()).isNotEqualTo(network.address());
    }
  }

  @Test
  void aRangeIsRefusedWhenItIsNone() {
    assertThatThrownBy(() -> AddressRange.parse("100.64.0.1/16")).hasMessageContaining("network");
    assertThatThrownBy(() -> AddressRange.parse("100.64.0/16")).hasMessageContaining("such as");
    assertThatThrownBy(() -> AddressRange.parse("100.64.0.0/8")).hasMessageContaining("prefix");
  }

  private static Socket connectFrom(TaskNetworks.TaskNetwork network, byte[] address)
      throws IOException {
    var target = InetAddress.getByAddress(address);
    return Namespaces.inNetwork(network.namespace(), () -> connect(target, 8080));
  }

  private static Socket connect(InetAddress address, int port) throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
    return socket;
  }

  private static String exchange(ServerSocket server, InetAddress address) throws IOException {
    try (var client = connect(address, server.getLocalPort());
        var accepted = server.accept()) {
      accepted.getOutputStream().write("x".getBytes(StandardCharsets.UTF_8));
      assertThat(client.getInputStream().read()).isEqualTo('x');
      return accepted.getInetAddress().getHostAddress();
    }
  }

  private Belongings belongings() throws IOException {
    return Belongings.find(
        new Belongings.Marks(
            "berth-test-none",
            PooledTaskNetworks.interfacePrefix(MARK),
            PooledTaskNetworks.tableName(MARK),
            List.of(folder)));
  }

  private static long interfaces() throws IOException {
    return NetworkInterface.networkInterfaces()
        .filter(one -> one.getName().startsWith("b" + MARK + "-"))
        .count();
  }
}
