package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.EVERYTHING;
import static dev.berth.agent.network.VpcRoom.OTHER_VPC;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.members;
import static dev.berth.agent.network.VpcRoom.plan;
import static dev.berth.agent.network.VpcRoom.range;
import static dev.berth.agent.network.VpcRoom.reaches;
import static dev.berth.agent.network.VpcRoom.tcp;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcRoom.Guest;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SecurityGroupPlan.Rule;
import dev.berth.model.network.VpcPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** AWS's API at addresses of a VPC, with a server on the host's loopback that stands for it. */
@Timeout(60)
final class EndpointsTest {
  private static final String ENDPOINT = "172.29.0.100";
  private static final String SECOND = "172.29.0.101";

  /** Of the tasks, and of the endpoint. */
  private static final int TASKS = 1;

  private static final int DOOR = 2;
  private static final int READ_MILLIS_MAX = 2_000;

  private VpcRoom room;
  private ServerSocket api;
  private long version;

  @BeforeEach
  void open() throws Exception {
    room = new VpcRoom(true);
    api = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::echo);
    room.networks.forward(new InetSocketAddress(api.getInetAddress(), api.getLocalPort()));
  }

  @AfterEach
  void close() throws Exception {
    api.close();
    room.close();
  }

  private void echo() {
    while (!api.isClosed()) {
      try {
        var client = api.accept();
        Thread.ofVirtual().start(() -> echo(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException gone) {
      // The other end is tested, not this one.
    }
  }

  /** The endpoint in its own group, and tasks in theirs. */
  private void tell(List<Rule> ingress, List<Rule> egress, String... addresses) {
    tell(
        List.of(plan(TASKS, List.of(), egress), plan(DOOR, ingress, List.of())),
        List.of(
            new VpcPlan.Endpoint(
                List.of(addresses).stream().map(IpAddress::new).toList(), List.of(group(DOOR)))));
  }

  private void tell(List<SecurityGroupPlan> groups, List<VpcPlan.Endpoint> endpoints) {
    var bare = plan(VPC, ++version, List.of(), groups);
    room.networks.plan(
        new VpcPlan(
            bare.id(),
            bare.realm(),
            bare.version(),
            bare.cidrs(),
            true,
            true,
            bare.subnets(),
            bare.groups(),
            List.of(),
            Optional.of(endpoints)));
  }

  @Test
  void aTaskReachesTheApiAtPort80AndNothingElse() throws Exception {
    tell(List.of(EVERYTHING), List.of(EVERYTHING), ENDPOINT, SECOND);
    var guest = room.attach(VPC, "172.29.0.4", group(TASKS));

    for (var address : List.of(ENDPOINT, SECOND)) {
      try (var socket = connect(guest, address)) {
        assertThat(said(socket, "hello")).isEqualTo("hello");
      }
      for (int port : List.of(443, 4510, 53, api.getLocalPort())) {
        assertThat(reaches(guest, address, port)).as("%s:%d", address, port).isFalse();
      }
    }
    assertThat(reaches(guest, "172.29.0.102", 80)).isFalse();
    assertThat(VpcRoom.connects(ENDPOINT, 80)).as("from the host").isFalse();
  }

  @Test
  void theGroupsOfBothEndsDecideAndAChangeHoldsAtOnce() throws Exception {
    tell(List.of(), List.of(EVERYTHING), ENDPOINT);
    var guest = room.attach(VPC, "172.29.0.4", group(TASKS));
    assertThat(reaches(guest, ENDPOINT, 80)).isFalse();

    tell(List.of(tcp(80, 80, range("172.29.0.4/32"))), List.of(EVERYTHING), ENDPOINT);
    assertThat(reaches(guest, ENDPOINT, 80)).isTrue();
    tell(List.of(tcp(80, 80, members(TASKS))), List.of(EVERYTHING), ENDPOINT);
    assertThat(reaches(guest, ENDPOINT, 80)).isTrue();
    tell(List.of(tcp(443, 443, members(TASKS))), List.of(EVERYTHING), ENDPOINT);
    assertThat(reaches(guest, ENDPOINT, 80)).isFalse();

    tell(List.of(EVERYTHING), List.of(), ENDPOINT);
    assertThat(reaches(guest, ENDPOINT, 80)).isFalse();
    // What the listener's own address and port are is nothing that a group knows.
    tell(List.of(EVERYTHING), List.of(tcp(4510, 4510, range("169.254.170.2/32"))), ENDPOINT);
    assertThat(reaches(guest, ENDPOINT, 80)).isFalse();
    tell(List.of(EVERYTHING), List.of(tcp(80, 80, range(ENDPOINT + "/32"))), ENDPOINT);
    assertThat(reaches(guest, ENDPOINT, 80)).isTrue();
  }

  @Test
  void aRuleThatNamesTheEndpointsGroupMeansItsAddresses() throws Exception {
    var door =
        new SecurityGroupPlan(
            group(DOOR), List.of(EVERYTHING), List.of(), List.of(new IpAddress(ENDPOINT)));
    tell(
        List.of(plan(TASKS, List.of(), List.of(tcp(80, 80, members(DOOR)))), door),
        List.of(
            new VpcPlan.Endpoint(List.of(new IpAddress(ENDPOINT)), List.of(group(DOOR))),
            new VpcPlan.Endpoint(List.of(new IpAddress(SECOND)), List.of(group(TASKS)))));
    var guest = room.attach(VPC, "172.29.0.4", group(TASKS));

    assertThat(reaches(guest, ENDPOINT, 80)).isTrue();
    assertThat(reaches(guest, SECOND, 80)).isFalse();
  }

  @Test
  void anotherVpcDoesNotReachIt() throws Exception {
    tell(List.of(EVERYTHING), List.of(EVERYTHING), ENDPOINT);
    room.networks.plan(
        plan(OTHER_VPC, 1, List.of(), List.of(plan(TASKS, List.of(), List.of(EVERYTHING)))));
    var stranger = room.attach(OTHER_VPC, "172.29.0.4", group(TASKS));

    assertThat(reaches(stranger, ENDPOINT, 80)).isFalse();
  }

  @Test
  void whenItGoesSoDoWhatIsOpenToItAndANewAgentKnowsItStill() throws Exception {
    tell(List.of(EVERYTHING), List.of(EVERYTHING), ENDPOINT, SECOND);
    var guest = room.attach(VPC, "172.29.0.4", group(TASKS));
    room.restart();
    room.networks.forward(new InetSocketAddress(api.getInetAddress(), api.getLocalPort()));
    assertThat(reaches(guest, ENDPOINT, 80)).isTrue();

    try (var going = connect(guest, ENDPOINT);
        var staying = connect(guest, SECOND)) {
      assertThat(said(going, "a")).isEqualTo("a");
      assertThat(said(staying, "a")).isEqualTo("a");
      tell(List.of(EVERYTHING), List.of(EVERYTHING), SECOND);

      assertThat(said(staying, "b")).isEqualTo("b");
      assertThatThrownBy(() -> said(going, "b")).isInstanceOf(SocketTimeoutException.class);
      assertThat(reaches(guest, ENDPOINT, 80)).isFalse();
    }
    // Another task has the address now.
    var heir = room.attach(VPC, ENDPOINT, group(DOOR));
    assertThat(reaches(guest, heir, 80)).isTrue();
    assertThat(reaches(guest, heir, 81)).isTrue();
  }

  private static Socket connect(Guest guest, String address) throws IOException {
    return Namespaces.inNetwork(guest.namespace(), () -> new Socket(address, 80));
  }

  private static String said(Socket socket, String text) throws IOException {
    socket.setSoTimeout(READ_MILLIS_MAX);
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    return new String(socket.getInputStream().readNBytes(text.length()), US_ASCII);
  }
}
