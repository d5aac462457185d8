package dev.berth.agent.network;

import static dev.berth.agent.network.VpcRoom.EVERYTHING;
import static dev.berth.agent.network.VpcRoom.OTHER_VPC;
import static dev.berth.agent.network.VpcRoom.VPC;
import static dev.berth.agent.network.VpcRoom.connects;
import static dev.berth.agent.network.VpcRoom.eni;
import static dev.berth.agent.network.VpcRoom.group;
import static dev.berth.agent.network.VpcRoom.plan;
import static dev.berth.agent.network.VpcRoom.range;
import static dev.berth.agent.network.VpcRoom.reaches;
import static dev.berth.agent.network.VpcRoom.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.linux.HardwareAddress;
import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Interfaces.End;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcRoom.Guest;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.SubnetPlan.Route;
import dev.berth.model.network.SubnetPlan.Target;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
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

/** Out of a VPC and into it, with a namespace behind the host that stands for the world. */
@Timeout(120)
final class WaysOutTest {
  /** Addresses of the world and of the host towards it: of the ranges for documentation. */
  private static final String WORLD = "203.0.113.200";

  private static final String HOST = "203.0.113.201";
  private static final String PUBLIC = "198.51.100.5";
  private static final String NAT = "198.51.100.9";
  private static final String WORLD_IPV6 = "2001:db8:ffff::2";
  private static final String HOST_IPV6 = "2001:db8:ffff::1";
  private static final String RANGE_IPV6 = "fd00:db8:1::/56";
  private static final String GUEST_IPV6 = "fd00:db8:1::4";
  private static final int PORT = 8080;
  private static final SecurityGroupPlan OPEN = plan(1, List.of(EVERYTHING), List.of(EVERYTHING));
  private static final SecurityGroupPlan OPEN_IPV6 =
      plan(1, List.of(EVERYTHING, VpcRoom.from("::/0")), List.of(EVERYTHING, VpcRoom.from("::/0")));

  private VpcRoom room;
  private Path world;
  private String worldInterface;
  private ServerSocket outside;

  @BeforeEach
  void open() throws Exception {
    room = new VpcRoom(true);
    worldInterface = "b" + room.mark + "-w";
    world = Files.createFile(room.folder.resolve("world"));
    Namespaces.inNewNetwork(
        () -> {
          Mounts.bind(Namespaces.OWN_NETWORK, world);
          try (var links = new Interfaces()) {
            links.up(Interfaces.LOOPBACK);
            links.addPair(
                new End("eth0", 2, new HardwareAddress("0a:02:00:00:00:02")),
                new End(worldInterface, 0, new HardwareAddress("0a:02:00:00:00:01")),
                Path.of("/proc/self/ns/net"));
            links.up(2);
            links.address(2, new IpAddress(WORLD).bytes());
            links.routeTo(2, new IpAddress(HOST).bytes());
            links.address(2, new IpAddress(WORLD_IPV6).bytes());
            links.routeTo(2, new IpAddress(HOST_IPV6).bytes());
          }
          return world;
        });
    try (var links = new Interfaces()) {
      int index = Interfaces.index(worldInterface).orElseThrow();
      links.address(index, new IpAddress(HOST).bytes());
      links.up(index);
      links.routeTo(index, new IpAddress(WORLD).bytes());
      links.address(index, new IpAddress(HOST_IPV6).bytes());
      links.routeTo(index, new IpAddress(WORLD_IPV6).bytes());
    }
    outside = Namespaces.inNetwork(world, () -> new ServerSocket(PORT));
  }

  @AfterEach
  void close() throws Exception {
    outside.close();
    try (var links = new Interfaces()) {
      links.delete(Interfaces.index(worldInterface).orElseThrow());
    }
    Mounts.unmount(world);
    room.close();
  }

  private void tell(long version, Route... routes) {
    room.networks.plan(plan(VPC, version, List.of(routes), List.of(OPEN)));
  }

  private static Route to(String cidr, Target target) {
    return new Route(Cidr.parse(cidr), target);
  }

  @Test
  void withoutARouteNobodyGetsOut() throws Exception {
    tell(1);
    var guest = room.attach(eni(VPC, "172.29.0.4", Optional.of(PUBLIC), group(1)));
    assertThat(reaches(guest, WORLD, PORT)).isFalse();
    assertThat(connects(PUBLIC, PORT)).isFalse();
  }

  @Test
  void anInternetGatewayNeedsAPublicAddress() throws Exception {
    tell(1, to("0.0.0.0/0", new Target.InternetGateway()));
    var open = room.attach(eni(VPC, "172.29.0.4", Optional.of(PUBLIC), group(1)));
    var closed = room.attach(VPC, "172.29.0.5", group(1));
    assertThat(reaches(open, WORLD, PORT)).isTrue();
    assertThat(reaches(closed, WORLD, PORT)).isFalse();
    try (var _ = Namespaces.inNetwork(open.namespace(), () -> new ServerSocket(PORT))) {
      assertThat(connects(PUBLIC, PORT)).isTrue();
      assertThat(reaches(closed, PUBLIC, PORT)).isFalse(); // It has no way out to come back by.
    }
    assertThat(hasRoute(PUBLIC + "/32")).isTrue();
    room.networks.detach(open.task());
    assertThat(hasRoute(PUBLIC + "/32")).isFalse();
  }

  @Test
  void publicAddressesMeetAndGroupsHoldForThem() throws Exception {
    room.networks.plan(
        plan(
            VPC,
            1,
            List.of(to("0.0.0.0/0", new Target.InternetGateway())),
            List.of(OPEN, plan(2, List.of(tcp(PORT, PORT, range(PUBLIC + "/32"))), List.of()))));
    var one = room.attach(eni(VPC, "172.29.0.4", Optional.of(PUBLIC), group(1)));
    var two = room.attach(eni(VPC, "172.29.0.5", Optional.of("198.51.100.6"), group(2)));
    try (var _ = Namespaces.inNetwork(two.namespace(), () -> new ServerSocket(PORT))) {
      assertThat(reaches(one, "198.51.100.6", PORT)).isTrue();
      assertThat(reaches(one, "172.29.0.5", PORT)).isFalse(); // Not its public address.
      assertThat(connects("198.51.100.6", PORT)).isFalse();
    }
  }

  @Test
  void aNatGatewayLetsOutAndNobodyIn() throws Exception {
    tell(1, to("0.0.0.0/0", new Target.NatGateway(new IpAddress(NAT))));
    var guest = room.attach(VPC, "172.29.0.4", group(1));
    assertThat(reaches(guest, WORLD, PORT)).isTrue();
    try (var _ = Namespaces.inNetwork(guest.namespace(), () -> new ServerSocket(PORT))) {
      assertThat(connects(NAT, PORT)).isFalse();
    }
  }

  @Test
  void theLongestPrefixDecidesAndChangesHoldAtOnce() throws Exception {
    tell(
        1,
        to("0.0.0.0/0", new Target.NatGateway(new IpAddress(NAT))),
        to("203.0.113.0/24", new Target.Blackhole()));
    var guest = room.attach(VPC, "172.29.0.4", group(1));
    assertThat(reaches(guest, WORLD, PORT)).isFalse();
    tell(2, to("0.0.0.0/0", new Target.NatGateway(new IpAddress(NAT))));
    assertThat(reaches(guest, WORLD, PORT)).isTrue();
    tell(3);
    assertThat(reaches(guest, WORLD, PORT)).isFalse();
  }

  private void tellIpv6(long version, VpcId vpc, String range, Route... routes) {
    var plain = plan(vpc, version, List.of(), List.of(OPEN_IPV6));
    var ranges = List.of(plain.cidrs().getFirst(), Cidr.parse(range));
    var subnet = plain.subnets().getFirst();
    room.networks.plan(
        new VpcPlan(
            vpc,
            plain.realm(),
            version,
            ranges,
            true,
            true,
            List.of(
                new SubnetPlan(
                    subnet.id(),
                    List.of(subnet.cidrs().getFirst(), Cidr.parse(range)),
                    List.of(routes))),
            plain.groups(),
            List.of()));
  }

  private Guest attachIpv6(VpcId vpc, String address) throws Exception {
    var plain = eni(vpc, "172.29.0.4", Optional.empty(), group(1));
    return room.attach(
        new EniSpec(
            plain.id(),
            vpc,
            plain.subnet(),
            plain.macAddress(),
            plain.privateAddress(),
            Optional.of(new IpAddress(address)),
            Optional.empty(),
            plain.groups(),
            plain.privateDnsName()));
  }

  @Test
  void overIpv6ARouteLetsOutAndNobodyIn() throws Exception {
    tellIpv6(1, VPC, RANGE_IPV6);
    var guest = attachIpv6(VPC, GUEST_IPV6);
    assertThat(reaches(guest, WORLD_IPV6, PORT)).isFalse();

    long version = 2;
    for (var gateway : List.of(new Target.EgressOnlyGateway(), new Target.InternetGateway())) {
      tellIpv6(version++, VPC, RANGE_IPV6, to("::/0", gateway));
      assertThat(reaches(guest, WORLD_IPV6, PORT)).isTrue();
      assertThat(reaches(guest, WORLD, PORT)).isFalse(); // No route of IPv4's.
      try (var _ = Namespaces.inNetwork(guest.namespace(), () -> new ServerSocket(PORT));
          var mine = new ServerSocket(0)) {
        assertThat(connects(GUEST_IPV6, PORT)).isFalse();
        assertThat(connects(HOST_IPV6, mine.getLocalPort())).isTrue();
        assertThat(reaches(guest, HOST_IPV6, mine.getLocalPort())).isFalse();
        assertThat(worldConnectsBy(HOST_IPV6, GUEST_IPV6)).isFalse();
      }
      tellIpv6(
          version++,
          VPC,
          RANGE_IPV6,
          to("::/0", gateway),
          to("2001:db8:ffff::/48", new Target.Blackhole()));
      assertThat(reaches(guest, WORLD_IPV6, PORT)).isFalse();
    }
    tellIpv6(version, VPC, RANGE_IPV6);
    assertThat(reaches(guest, WORLD_IPV6, PORT)).isFalse();
  }

  @Test
  void vpcsAreApartOverIpv6WhateverTheirRoutes() throws Exception {
    tellIpv6(1, VPC, RANGE_IPV6, to("::/0", new Target.InternetGateway()));
    tellIpv6(1, OTHER_VPC, "fd00:db8:2::/56", to("::/0", new Target.InternetGateway()));
    var one = attachIpv6(VPC, GUEST_IPV6);
    var two = attachIpv6(OTHER_VPC, "fd00:db8:2::4");
    try (var _ = Namespaces.inNetwork(two.namespace(), () -> new ServerSocket(PORT))) {
      assertThat(reaches(two, "fd00:db8:2::4", PORT)).isTrue();
      assertThat(reaches(one, "fd00:db8:2::4", PORT)).isFalse();
    }
    assertThat(reaches(one, WORLD_IPV6, PORT)).isTrue();
    assertThat(reaches(two, WORLD_IPV6, PORT)).isTrue();
  }

  /** Even if the world finds the way to the host. */
  private boolean worldConnectsBy(String gateway, String address) throws Exception {
    return Namespaces.inNetwork(
        world,
        () -> {
          try (var links = new Interfaces()) {
            links.routeBy(
                2, new IpAddress(gateway).bytes(), new IpAddress("fd00:db8::").bytes(), 32);
          }
          return connects(address, PORT);
        });
  }

  @Test
  void theHostsOwnServicesAndLinkLocalAddressesAreOutOfReach() throws Exception {
    tell(1, to("0.0.0.0/0", new Target.InternetGateway()));
    var guest = room.attach(eni(VPC, "172.29.0.4", Optional.of(PUBLIC), group(1)));
    try (var mine = new ServerSocket(0)) {
      int port = mine.getLocalPort();
      assertThat(connects(HOST, port)).isTrue();
      for (var address : List.of(HOST, "169.254.171.1", "127.0.0.1", "169.254.171.2")) {
        assertThat(reaches(guest, address, port)).as(address).isFalse();
      }
    }
    assertThat(reaches(guest, "172.29.0.1", 80)).isFalse();
    // The host itself gets there, so it is the rules that stop the task.
    var linkLocal = new IpAddress("169.254.77.2");
    Namespaces.inNetwork(
        world,
        () -> {
          try (var links = new Interfaces()) {
            links.address(2, linkLocal.bytes());
          }
          return world;
        });
    try (var links = new Interfaces()) {
      links.routeTo(Interfaces.index(worldInterface).orElseThrow(), linkLocal.bytes());
    }
    assertThat(connects(linkLocal.value(), PORT)).isTrue();
    assertThat(reaches(guest, WORLD, PORT)).isTrue();
    assertThat(reaches(guest, linkLocal.value(), PORT)).isFalse();
    tell(2, to("0.0.0.0/0", new Target.NatGateway(new IpAddress(NAT))));
    assertThat(reaches(guest, WORLD, PORT)).isTrue();
    assertThat(reaches(guest, linkLocal.value(), PORT)).isFalse();
  }

  @Test
  void theHostReachesPrivateAddressesWhereTheyAreNotAmbiguous() throws Exception {
    room.networks.plan(plan(VPC, 1, List.of(), List.of(plan(1, List.of(), List.of()))));
    var guest = room.attach(VPC, "172.29.0.4", group(1));
    try (var _ = Namespaces.inNetwork(guest.namespace(), () -> new ServerSocket(PORT))) {
      assertThat(connects("172.29.0.4", PORT)).isTrue();
      // The world does not, even if it finds the way to the host.
      Namespaces.inNetwork(
          world,
          () -> {
            try (var links = new Interfaces()) {
              links.routeBy(
                  2, new IpAddress(HOST).bytes(), new IpAddress("172.29.0.0").bytes(), 16);
            }
            return world;
          });
      assertThat(Namespaces.inNetwork(world, () -> connects("172.29.0.4", PORT))).isFalse();
      assertThat(hasRoute("172.29.0.0/16")).isTrue();
      room.networks.plan(plan(OTHER_VPC, 1, List.of(), List.of(OPEN)));
      room.attach(OTHER_VPC, "172.29.0.4", group(1));
      assertThat(hasRoute("172.29.0.0/16")).isFalse();
    }
  }

  /** Asked of the routes: what no route leads to would go to the machine's own gateway. */
  private static boolean hasRoute(String range) throws Exception {
    return HostNetworks.without("nothing").stream()
        .anyMatch(cidr -> cidr.equals(Cidr.parse(range)));
  }

  @Test
  void oneVpcReachesAnotherByPublicAddressesOnly() throws Exception {
    tell(1, to("0.0.0.0/0", new Target.InternetGateway()));
    room.networks.plan(
        plan(
            OTHER_VPC,
            1,
            List.of(to("0.0.0.0/0", new Target.NatGateway(new IpAddress(NAT)))),
            List.of(OPEN)));
    var open = room.attach(eni(VPC, "172.29.0.4", Optional.of(PUBLIC), group(1)));
    var behind = room.attach(OTHER_VPC, "172.29.0.5", group(1));
    try (var server = Namespaces.inNetwork(open.namespace(), () -> new ServerSocket(PORT));
        var _ =
            Namespaces.inNetwork(
                behind.namespace(), () -> new Socket(new IpAddress(PUBLIC).inet(), PORT));
        var accepted = server.accept()) {
      assertThat(accepted.getInetAddress().getHostAddress()).isEqualTo(NAT);
    }
    assertThat(reaches(open, NAT, PORT)).isFalse();
  }
}
