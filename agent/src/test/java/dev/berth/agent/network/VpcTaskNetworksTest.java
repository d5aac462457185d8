package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.OTHER_VPC;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.reaches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.Belongings;
import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcFolder.Holding;
import dev.berth.model.task.TaskId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task's namespace from its making to its end, whatever its VPC lets through. */
@Timeout(60)
final class VpcTaskNetworksTest {
  private VpcRoom room;

  @BeforeEach
  void open() throws Exception {
    room = new VpcRoom(false);
    room.networks.plan(OneSubnet.plan());
  }

  @AfterEach
  void close() throws Exception {
    room.close();
  }

  @Test
  void nothingIsLeftOfADetachedTask() throws Exception {
    var eni = OneSubnet.eni(0);
    var guest = room.attach(eni);
    assertThat(room.networks.attach(guest.task(), eni).namespace()).isEqualTo(guest.namespace());
    assertThat(room.networks.list()).containsExactly(guest.task());
    assertThat(room.belongings().mounts()).contains(guest.namespace().toString());
    assertThat(room.belongings().interfaces()).containsExactly("b" + room.mark + "-v0");
    assertThat(room.belongings().tables()).containsExactly("table inet berth_" + room.mark);
    room.networks.detach(guest.task());
    room.networks.detach(guest.task());
    assertThat(room.networks.list()).isEmpty();
    assertThat(guest.namespace()).doesNotExist();
    room.networks.close();
    assertThat(room.folder.resolve("interfaces")).isEmptyDirectory();
    room.networks = room.open();
    room.networks.retire();
    assertThat(room.belongings()).matches(Belongings::isEmpty);
    room.networks = room.open(); // For the end of every test.
  }

  @Test
  void endedTasksLeaveNoDescriptors() throws Exception {
    int before = 0;
    for (int i = 0; i < 40; i++) {
      room.networks.detach(room.attach(OneSubnet.eni(i)).task());
      before = i == 9 ? descriptorCount() : before;
    }
    assertThat(descriptorCount()).isLessThan(before + 10);
  }

  private static int descriptorCount() throws Exception {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.count();
    }
  }

  @Test
  void twoTasksListenOnTheSamePort() throws Exception {
    var first = room.attach(OneSubnet.eni(0));
    var second = room.attach(OneSubnet.eni(1));
    try (var one = Namespaces.inNetwork(first.namespace(), () -> new ServerSocket(8080));
        var two = Namespaces.inNetwork(second.namespace(), () -> new ServerSocket(8080))) {
      assertThat(one.getLocalPort()).isEqualTo(two.getLocalPort());
      assertThat(reaches(first, second.address().toString(), 8080)).isTrue();
      assertThat(reaches(second, first.address().toString(), 8080)).isTrue();
    }
  }

  @Test
  void loopbackIsUp() throws Exception {
    var guest = room.attach(OneSubnet.eni(0));
    var heard =
        Namespaces.inNetwork(
            guest.namespace(),
            () -> {
              var loopback = InetAddress.getLoopbackAddress();
              try (var server = new ServerSocket(0, 1, loopback);
                  var client = new Socket(loopback, server.getLocalPort());
                  var accepted = server.accept()) {
                accepted.getOutputStream().write('x');
                return client.getInputStream().read();
              }
            });
    assertThat(heard).isEqualTo('x');
  }

  @Test
  void whatAKilledAgentMadeAheadIsForTheNextOnesTasks() throws Exception {
    room.networks.close();
    room.poolCount = 3;
    room.networks = room.open();
    room.networks.plan(OneSubnet.plan());
    var guest = room.attach(OneSubnet.eni(0));
    var folder = new VpcFolder(room.folder);
    awaitInterfaces(folder, 4);
    room.networks.letGo();
    List<Integer> made = folder.interfaces(); // Without the one that was just being made.
    int broken = made.stream().filter(slot -> !isOf(guest, folder, slot)).findFirst().orElseThrow();
    Namespaces.inNetwork(
        folder.interfaceFile(broken),
        () -> {
          try (var links = new Interfaces()) {
            links.delete(TaskInterface.INDEX);
          }
          return broken;
        });

    room.networks = room.open();
    var next = room.attach(OneSubnet.eni(1));
    assertThat(made).anyMatch(slot -> slot != broken && isOf(next, folder, slot));
    assertThat(next.namespace()).isNotEqualTo(guest.namespace());
    assertThat(reaches(next, guest, 8080)).isTrue();
    assertThat(reaches(guest, next, 8080)).isTrue();
    assertThat(awaitInterfaces(folder, 5)).hasSize(5); // Two tasks, and three ahead again.
  }

  private static boolean isOf(VpcRoom.Guest guest, VpcFolder folder, int slot) {
    return folder.interfaceFile(slot).equals(guest.namespace());
  }

  private static List<Integer> awaitInterfaces(VpcFolder folder, int count) throws Exception {
    while (folder.interfaces().size() < count) {
      Thread.sleep(10);
    }
    return folder.interfaces();
  }

  @Test
  void aKilledAgentsBeginningsAreRemovedAndItsTasksKept() throws Exception {
    var guest = room.attach(OneSubnet.eni(0));
    var other = room.attach(OneSubnet.eni(1));
    room.networks.letGo(); // What was made ahead is left, as after a kill.
    var folder = new VpcFolder(room.folder);
    int begun = folder.reserveInterface(); // No namespace yet.
    int uplink = folder.uplink(OTHER_VPC); // No router yet.
    Files.createFile(folder.routerFile(OTHER_VPC));
    // Killed between the interface's end and that of the task's file.
    var ended = new TaskId("f".repeat(32));
    folder.hold(ended, new Holding(folder.reserveInterface(), OneSubnet.eni(2)));
    room.poolCount = 0;
    room.networks = room.open();
    assertThat(room.networks.list()).containsExactly(guest.task(), other.task(), ended);
    assertThat(reaches(guest, other, 8080)).isTrue();
    room.networks.detach(ended);
    assertThat(folder.interfaces()).hasSize(2).doesNotContain(begun);
    assertThat(folder.uplinks()).hasSize(1).doesNotContain(uplink);
    assertThat(folder.routers()).containsExactly(VPC);
    assertThat(room.attach(OneSubnet.eni(3)).namespace())
        .isNotEqualTo(guest.namespace())
        .isNotEqualTo(other.namespace());
  }

  @Test
  void aMarkThatDoesNotFitIntoANameIsRefused() {
    for (var mark : new String[] {"", "eightlong", "a-b", "A"}) {
      assertThatThrownBy(() -> new HostNames(mark)).hasMessageContaining("cannot mark");
    }
    assertThat(new HostNames("abcdefg").uplinkPrefix() + 59_999).hasSizeLessThan(16);
  }

  @Test
  void aTaskHearsOfItsVpcsNameServerAndOfTheApi() throws Exception {
    var api = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    var eni = VpcRoom.eni(VPC, "172.29.0.4", Optional.empty(), group(1));
    var before = room.networks.attach(new TaskId("1".repeat(32)), eni);
    assertThat(before.apiUrl()).isEmpty();
    assertThat(before.resolver().orElseThrow().text())
        .isEqualTo("search ec2.internal\nnameserver 172.29.0.2\n");
    room.networks.forward(api);
    assertThat(room.networks.attach(new TaskId("1".repeat(32)), eni).apiUrl())
        .hasValue("http://169.254.170.2:4510");
  }
}
