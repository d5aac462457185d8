package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.EVERYTHING;
import static dev.berth.agent.network.VpcRoom.OTHER_VPC;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.members;
import static dev.berth.agent.network.VpcRoom.plan;
import static dev.berth.agent.network.VpcRoom.range;
import static dev.berth.agent.network.VpcRoom.reaches;
import static dev.berth.agent.network.VpcRoom.sendsDatagram;
import static dev.berth.agent.network.VpcRoom.tcp;
import static dev.berth.agent.network.VpcRoom.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Belongings;
import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcRoom.Guest;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class SecurityGroupsTest {
  private VpcRoom room;

  @BeforeEach
  void open() throws Exception {
    room = new VpcRoom(false);
  }

  @AfterEach
  void close() throws Exception {
    room.close();
  }

  private void tell(long version, SecurityGroupPlan... groups) {
    room.networks.plan(plan(VPC, version, List.of(), List.of(groups)));
  }

  @Test
  void onlyWhatBothGroupsLetThroughPasses() throws Exception {
    tell(
        1,
        plan(1, List.of(), List.of(EVERYTHING)),
        plan(2, List.of(tcp(80, 90, range("172.29.0.4/32"))), List.of()),
        plan(3, List.of(), List.of(tcp(81, 81, range("0.0.0.0/0")))));
    var client = room.attach(VPC, "172.29.0.4", group(1));
    var server = room.attach(VPC, "172.29.0.5", group(2));
    var stranger = room.attach(VPC, "172.29.0.6", group(1));
    var narrow = room.attach(VPC, "172.29.0.7", group(3));
    assertThat(reaches(client, server, 80)).isTrue();
    assertThat(reaches(client, server, 90)).isTrue();
    assertThat(reaches(client, server, 91)).isFalse();
    assertThat(sendsDatagram(client, server, 80)).isFalse();
    assertThat(reaches(stranger, server, 80)).isFalse();
    assertThat(reaches(server, client, 80)).isFalse(); // It may answer, not begin.
    assertThat(reaches(narrow, client, 81)).isFalse(); // It may send, but nobody lets it in.
  }

  @Test
  void aGroupAsPeerMeansItsMembersAsTheyAreNow() throws Exception {
    var open = plan(1, List.of(), List.of(EVERYTHING));
    var behind = plan(2, List.of(udp(53, 53, members(1))), List.of());
    tell(1, open, behind, plan(3, List.of(), List.of(EVERYTHING)));
    var server = room.attach(VPC, "172.29.0.5", group(2));
    var member = room.attach(VPC, "172.29.0.4", group(1));
    var other = room.attach(VPC, "172.29.0.6", group(3));
    assertThat(sendsDatagram(member, server, 53)).isTrue();
    assertThat(sendsDatagram(other, server, 53)).isFalse();
    // Control says that an interface elsewhere has that address: then it is a member too.
    tell(
        2,
        new SecurityGroupPlan(
            group(1), List.of(), List.of(EVERYTHING), List.of(new IpAddress("172.29.0.6"))),
        behind,
        plan(3, List.of(), List.of(EVERYTHING)));
    assertThat(sendsDatagram(other, server, 53)).isTrue();
    assertThat(sendsDatagram(member, server, 53)).isTrue();
    tell(3, open, behind, plan(3, List.of(), List.of(EVERYTHING)));
    assertThat(sendsDatagram(other, server, 53)).isFalse();
  }

  @Test
  void whoComesAndLeavesElsewhereIsFollowed() throws Exception {
    tell(
        1,
        plan(1, List.of(), List.of(EVERYTHING)),
        plan(2, List.of(udp(53, 53, members(1))), List.of()),
        plan(3, List.of(), List.of(EVERYTHING)));
    var server = room.attach(VPC, "172.29.0.5", group(2));
    var member = room.attach(VPC, "172.29.0.4", group(1));
    var other = room.attach(VPC, "172.29.0.6", group(3));
    room.networks.change(
        new MemberChange(
            VPC,
            1,
            2,
            List.of(new MemberChange.Member(List.of(other.address()), List.of(group(1)))),
            List.of()));
    awaitDatagram(other, server, true);
    room.networks.repair();
    room.restart();
    assertThat(sendsDatagram(other, server, 53)).isTrue();
    room.networks.change(
        new MemberChange(VPC, 2, 3, List.of(), List.of(new IpAddress("172.29.0.99"))));
    room.networks.change(new MemberChange(VPC, 3, 4, List.of(), List.of(member.address())));
    assertThat(sendsDatagram(member, server, 53)).isTrue(); // It is here, whoever had it before.
    room.networks.detach(other.task());
    var next = room.attach(VPC, "172.29.0.6", group(3));
    room.networks.change(new MemberChange(VPC, 4, 5, List.of(), List.of(next.address())));
    awaitDatagram(next, server, false);
    assertThat(sendsDatagram(member, server, 53)).isTrue();
  }

  private static void awaitDatagram(Guest from, Guest to, boolean wanted) throws Exception {
    for (int look = 0; look < 50 && sendsDatagram(from, to, 53) != wanted; look++) {
      Thread.sleep(20);
    }
    assertThat(sendsDatagram(from, to, 53)).isEqualTo(wanted);
  }

  @Test
  void anInterfaceMayDoWhatAnyOfItsGroupsAllows() throws Exception {
    tell(
        1,
        plan(1, List.of(tcp(1001, 1001, range("172.29.0.0/16"))), List.of()),
        plan(2, List.of(tcp(1002, 1002, range("172.29.0.0/16"))), List.of(EVERYTHING)),
        plan(3, List.of(), List.of(EVERYTHING)));
    var both = room.attach(VPC, "172.29.0.5", group(1), group(2));
    var one = room.attach(VPC, "172.29.0.6", group(1));
    var client = room.attach(VPC, "172.29.0.7", group(3));
    assertThat(reaches(client, both, 1001)).isTrue();
    assertThat(reaches(client, both, 1002)).isTrue();
    assertThat(reaches(client, both, 1003)).isFalse();
    assertThat(reaches(client, one, 1001)).isTrue();
    assertThat(reaches(client, one, 1002)).isFalse();
    assertThat(reaches(both, one, 1001)).isTrue();
    assertThat(reaches(one, both, 1001)).isFalse();
  }

  @Test
  void changesReachRunningTasksAndLeaveOpenConnectionsAlone() throws Exception {
    var client = plan(1, List.of(), List.of(EVERYTHING));
    tell(1, client, plan(2, List.of(tcp(80, 80, range("0.0.0.0/0"))), List.of()));
    var from = room.attach(VPC, "172.29.0.4", group(1));
    var to = room.attach(VPC, "172.29.0.5", group(2));
    try (var server = Namespaces.inNetwork(to.namespace(), () -> new ServerSocket(80));
        var socket =
            Namespaces.inNetwork(from.namespace(), () -> new Socket(to.address().inet(), 80))) {
      try (var accepted = server.accept()) {
        tell(2, client, plan(2, List.of(), List.of()));
        assertThat(reaches(from, "172.29.0.5", 80)).isFalse();
        accepted.getOutputStream().write('x');
        socket.setSoTimeout(2_000);
        assertThat(socket.getInputStream().read()).isEqualTo('x');
      }
      tell(1, client, plan(2, List.of(EVERYTHING), List.of())); // Older than the one before.
      assertThat(reaches(from, "172.29.0.5", 80)).isFalse();
      tell(3, client, plan(2, List.of(EVERYTHING), List.of()));
      assertThat(reaches(from, "172.29.0.5", 80)).isTrue();
    }
  }

  @Test
  void anAddressThatIsNotTheInterfacesOwnIsNoSource() throws Exception {
    tell(1, plan(1, List.of(EVERYTHING), List.of(EVERYTHING)));
    var liar = room.attach(VPC, "172.29.0.4", group(1));
    var target = room.attach(VPC, "172.29.0.5", group(1));
    assertThat(reaches(liar, target, 80)).isTrue();
    Namespaces.inNetwork(
        liar.namespace(),
        () -> {
          try (var links = new Interfaces()) {
            links.address(TaskInterface.INDEX, new IpAddress("172.29.0.9").bytes());
          }
          return liar;
        });
    try (var _ = Namespaces.inNetwork(target.namespace(), () -> new ServerSocket(80))) {
      assertThat(connectsAs(liar, "172.29.0.4")).isTrue();
      assertThat(connectsAs(liar, "172.29.0.9")).isFalse();
    }
  }

  private static boolean connectsAs(VpcRoom.Guest guest, String source) throws IOException {
    return Namespaces.inNetwork(
        guest.namespace(),
        () -> {
          try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
            socket.connect(new InetSocketAddress("172.29.0.5", 80), VpcRoom.PROBE_MILLIS);
            return true;
          } catch (IOException lost) {
            return false;
          }
        });
  }

  @Test
  void vpcsOfEqualRangesNeverMeet() throws Exception {
    var open = plan(1, List.of(EVERYTHING), List.of(EVERYTHING));
    tell(1, open);
    room.networks.plan(plan(OTHER_VPC, 1, List.of(), List.of(open)));
    var here = room.attach(VPC, "172.29.0.4", group(1));
    var there = room.attach(OTHER_VPC, "172.29.0.5", group(1));
    var twin = room.attach(OTHER_VPC, "172.29.0.4", group(1));
    assertThat(reaches(here, there, 80)).isFalse();
    assertThat(reaches(twin, there, 80)).isTrue();
    assertThat(sendsDatagram(here, there, 80)).isFalse();
  }

  @Test
  void aLaunchWithoutItsPlanFails() {
    tell(1, plan(1, List.of(), List.of()));
    assertThatThrownBy(() -> room.attach(VPC, "172.29.0.4", group(2)))
        .hasMessageContaining("control sent no plan of vpc-0000000a");
    assertThatThrownBy(() -> room.attach(OTHER_VPC, "172.29.0.4", group(1)))
        .hasMessageContaining("control sent no plan of vpc-0000000b");
  }

  @Test
  void aRestartedAgentKeepsTasksAndNothingElse() throws Exception {
    tell(1, plan(1, List.of(tcp(80, 80, range("0.0.0.0/0"))), List.of(EVERYTHING)));
    room.networks.plan(plan(OTHER_VPC, 1, List.of(), List.of(plan(1, List.of(), List.of()))));
    var one = room.attach(VPC, "172.29.0.4", group(1));
    var two = room.attach(VPC, "172.29.0.5", group(1));
    var gone = room.attach(OTHER_VPC, "172.29.0.5", group(1));
    room.networks.detach(gone.task());
    room.restart();
    assertThat(room.networks.list()).containsExactly(one.task(), two.task());
    assertThat(room.networks.router(OTHER_VPC)).isEmpty();
    assertThat(reaches(one, two, 80)).isTrue();
    assertThat(reaches(one, two, 81)).isFalse();
    assertThat(room.networks.attach(one.task(), one.eni()).namespace()).isEqualTo(one.namespace());
    room.networks.detach(one.task());
    assertThat(reaches(two, "172.29.0.4", 80)).isFalse();
    room.networks.detach(two.task());
    room.networks.retire();
    assertThat(room.belongings()).matches(Belongings::isEmpty);
    room.networks = room.open(); // For the end of every test.
  }

  @Test
  void whatOthersChangeIsRepaired() throws Exception {
    tell(1, plan(1, List.of(tcp(80, 80, range("0.0.0.0/0"))), List.of(EVERYTHING)));
    var one = room.attach(VPC, "172.29.0.4", group(1));
    var two = room.attach(VPC, "172.29.0.5", group(1));
    run(room.networks.router(VPC).orElseThrow().toString(), "nft flush map inet berth ingress");
    assertThat(reaches(one, two, 80)).isFalse();
    room.networks.repair();
    assertThat(reaches(one, two, 80)).isTrue();
    run(one.namespace().toString(), "ip link delete eth0");
    assertThat(reaches(one, two, 80)).isFalse();
    room.networks.repair();
    assertThat(reaches(one, two, 80)).isTrue();
    run(one.namespace().toString(), "ip address flush dev eth0");
    run(room.networks.router(VPC).orElseThrow().toString(), "ip route flush 172.29.0.5");
    room.networks.repair();
    assertThat(reaches(one, two, 80)).isTrue();
    run(room.networks.router(VPC).orElseThrow().toString(), "nft flush ruleset");
    room.networks.repair();
    assertThat(reaches(one, two, 80)).isTrue();
    assertThat(reaches(one, two, 81)).isFalse();
  }

  @Test
  void whatCannotBeRepairedIsTold() throws Exception {
    tell(1, plan(1, List.of(), List.of()));
    var one = room.attach(VPC, "172.29.0.4", group(1));
    var lost = new ArrayList<TaskId>();
    room.networks.whenLost((task, _) -> lost.add(task));
    room.networks.repair();
    assertThat(lost).isEmpty();
    run(one.namespace().toString(), "ip link delete eth0");
    Mounts.unmount(one.namespace());
    room.networks.repair();
    assertThat(lost).contains(one.task());
  }

  private static void run(String namespace, String command) throws Exception {
    var words = ("nsenter --net=" + namespace + " " + command).split(" ", -1);
    assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void aConnectionIsNotInheritedByTheNextOfAnAddress() throws Exception {
    tell(
        1,
        plan(1, List.of(), List.of(EVERYTHING)),
        plan(2, List.of(udp(9, 9, members(1))), List.of()));
    var client = room.attach(VPC, "172.29.0.4", group(1));
    var server = room.attach(VPC, "172.29.0.5", group(2));
    assertThat(sendsDatagram(client, server, 9)).isTrue();
    room.networks.detach(server.task());
    tell(2, plan(1, List.of(), List.of(EVERYTHING)), plan(2, List.of(), List.of()));
    var next = room.attach(VPC, "172.29.0.5", group(2));
    assertThat(sendsDatagram(client, next, 9)).isFalse();
    assertThat(Optional.of(next.address())).contains(server.address());
  }
}
