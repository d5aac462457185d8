package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.EVERYTHING;
import static dev.berth.agent.network.VpcRoom.OTHER_VPC;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.plan;
import static dev.berth.agent.network.VpcRoom.range;
import static dev.berth.agent.network.VpcRoom.reaches;
import static dev.berth.agent.network.VpcRoom.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.network.VpcRoom.Guest;
import dev.berth.agent.network.VpcTaskNetworks.Patience;
import dev.berth.link.format.RecordFormat;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.VpcPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routers of VPCs whose tasks have ended, and plans as they are written down. */
@Timeout(120)
final class IdleRouterTest {
  private static final Duration PLAN_MAX = Duration.ofSeconds(10);
  private static final int ROUND_COUNT = 25;
  private static final int PORT = 8080;

  private VpcRoom room;

  @BeforeEach
  void open() throws Exception {
    room = new VpcRoom(false);
    goAfter(Duration.ZERO);
    room.networks.plan(OneSubnet.plan());
  }

  @AfterEach
  void close() throws Exception {
    room.close();
  }

  private void goAfter(Duration idleMax) throws Exception {
    room.patience = new Patience(PLAN_MAX, idleMax);
    room.restart();
  }

  @Test
  void aRouterGoesWhenItsVpcHasNoTaskAndTheNextTaskHasANewOne() throws Exception {
    var one = room.attach(OneSubnet.eni(0));
    room.networks.repair();
    assertThat(room.networks.router(VPC)).isPresent();
    room.networks.detach(one.task());
    room.networks.repair();
    assertThat(room.networks.router(VPC)).isEmpty();
    assertThat(room.belongings().interfaces()).isEmpty();
    assertThat(room.belongings().mounts()).isEmpty();
    assertThat(room.belongings().files()).isEmpty();
    // What control says meanwhile holds for the next one, though control does not say it again.
    room.networks.plan(narrow(2));
    room.networks.repair();
    assertThat(room.belongings().files()).isEmpty();
    var two = room.attach(OneSubnet.eni(0));
    var three = room.attach(OneSubnet.eni(1));
    assertThat(reaches(two, three, PORT)).isTrue();
    assertThat(reaches(two, three, PORT + 1)).isFalse();
  }

  @Test
  void aRouterStaysForAWhileAfterItsLastTask() throws Exception {
    goAfter(Duration.ofHours(1));
    room.networks.plan(OneSubnet.plan());
    room.networks.detach(room.attach(OneSubnet.eni(0)).task());
    room.networks.repair();
    room.networks.repair();
    assertThat(room.networks.router(VPC)).isPresent();
  }

  @Test
  void theHostReachesARangeAgainOnceItsOtherVpcHasGone() throws Exception {
    room.close();
    room = new VpcRoom(true);
    goAfter(Duration.ZERO);
    room.networks.plan(OneSubnet.plan());
    var one = room.attach(OneSubnet.eni(0));
    room.networks.plan(
        plan(OTHER_VPC, 1, List.of(), List.of(VpcRoom.plan(1, List.of(), List.of()))));
    var twin = room.attach(OTHER_VPC, "172.29.0.4", group(1));
    assertThat(hasRoute()).isFalse();
    room.networks.repair(); // Both have a task.
    room.networks.detach(twin.task());
    room.networks.repair();
    assertThat(room.networks.router(VPC)).isPresent();
    assertThat(hasRoute()).isTrue();
    assertThat(room.networks.list()).containsExactly(one.task());
  }

  /** By an uplink of this room: other agents of this machine may have the range, too. */
  private boolean hasRoute() throws IOException {
    try (var routes = Files.lines(Path.of("/proc/net/route"))) {
      var own =
          routes.filter(line -> line.matches("Iface.*|" + room.names().uplinkPrefix() + ".*"));
      return HostNetworks.parse(own.toList(), "none").contains(Cidr.parse("172.29.0.0/16"));
    }
  }

  @Test
  void aLaunchAtThatMomentHasARouterAndKeepsIt() throws Exception {
    var over = new AtomicBoolean();
    var repairing =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    room.networks.repair();
                  }
                });
    var uplinks = new HashSet<Integer>();
    try {
      for (int round = 0; round < ROUND_COUNT; round++) {
        var one = room.attach(OneSubnet.eni(2 * round));
        uplinks.add(uplink());
        var two = room.attach(OneSubnet.eni(2 * round + 1));
        assertThat(reaches(one, two, PORT)).as("round %d", round).isTrue();
        room.networks.detach(one.task());
        uplinks.add(uplink()); // Another one has it still.
        assertThat(room.networks.router(VPC)).isPresent();
        room.networks.detach(two.task());
        if (round % 2 == 0) {
          Thread.sleep(round); // At another moment of the removal each time.
        }
      }
    } finally {
      over.set(true);
      repairing.join();
    }
    assertThat(uplinks).hasSizeBetween(2, ROUND_COUNT);
    room.networks.repair();
    assertThat(room.belongings().interfaces()).isEmpty();
    assertThat(room.belongings().files()).isEmpty();
  }

  /** The kernel gives no number of an interface a second time. */
  private int uplink() throws IOException {
    return Interfaces.index(room.names().uplinkPrefix() + 0).orElseThrow();
  }

  @Test
  void noLaunchWaitsForTheDiskAndNoOlderPlanIsLeftOnIt() throws Exception {
    var one = room.attach(OneSubnet.eni(0));
    var kept = room.folder.resolve("routers/" + VPC + ".json");
    assertThat(versionOn(kept)).isEqualTo(1);
    // Whoever writes a plan down is stopped: it is written beside, and that is a pipe now.
    var beside = kept.resolveSibling(kept.getFileName() + ".new");
    assertThat(new ProcessBuilder("mkfifo", beside.toString()).start().waitFor()).isZero();
    room.networks.change(
        new MemberChange(
            VPC,
            1,
            2,
            List.of(
                new MemberChange.Member(
                    List.of(OneSubnet.eni(9).privateAddress()), List.of(group(1)))),
            List.of()));
    var repairing = Thread.ofPlatform().start(room.networks::repair);
    awaitWriter(repairing);
    Guest two = room.attach(OneSubnet.eni(1));
    assertThat(reaches(one, two, PORT + 1)).isTrue();
    var telling = Thread.ofPlatform().start(() -> room.networks.plan(narrow(3)));
    while (reaches(one, two, PORT + 1)) {
      Thread.sleep(10);
    }
    room.networks.detach(two.task());
    assertThat(repairing.isAlive()).isTrue();
    assertThat(versionOn(kept)).isEqualTo(1);
    assertThat(RecordFormat.read(Files.readAllBytes(beside), VpcPlan.class).version()).isEqualTo(2);
    repairing.join();
    telling.join();
    assertThat(versionOn(kept)).isEqualTo(3);
    assertThat(beside).doesNotExist();
  }

  /** Until somebody writes, and that one waits for nobody else but whoever writes before it. */
  private static void awaitWriter(Thread writer) throws InterruptedException {
    while (Arrays.stream(writer.getStackTrace())
        .noneMatch(
            frame ->
                frame.getClassName().equals(VpcFolder.class.getName())
                    && frame.getMethodName().equals("keepPlan"))) {
      assertThat(writer.isAlive()).isTrue();
      Thread.sleep(1);
    }
  }

  private static VpcPlan narrow(long version) {
    return plan(
        VPC,
        version,
        List.of(),
        List.of(
            VpcRoom.plan(1, List.of(tcp(PORT, PORT, range("0.0.0.0/0"))), List.of(EVERYTHING))));
  }

  private static long versionOn(Path file) throws IOException {
    return RecordFormat.read(Files.readAllBytes(file), VpcPlan.class).version();
  }
}
