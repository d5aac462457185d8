package dev.berth.agent.network;

import dev.berth.agent.linux.HardwareAddress;
import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Interfaces.End;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.linux.PacketFilter;
import dev.berth.agent.network.rules.Attachment;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The namespace through which all packets of one VPC go, and its kernel state. It decides nothing.
 * One thread at a time.
 */
final class Router implements AutoCloseable {
  /** The address of a router on its uplink: the same for all, each is alone with its peer. */
  static final IpAddress ROUTER_SIDE = new IpAddress("169.254.171.2");

  /** The same over IPv6. Neither end has its address: they know each other without asking. */
  static final IpAddress IPV6 = new IpAddress("fe80::2");

  /** Of every end in a router: each is alone with its peer. */
  static final HardwareAddress MAC = new HardwareAddress("0a:00:00:00:00:01");

  /** Of the uplink inside. */
  private static final int UPLINK_INDEX = 2;

  /** Of the end of the pair of slot 0; the others follow by number. */
  private static final int SLOT_INDEX_MIN = 16;

  /** The host's own, whatever namespace the calling thread is in. */
  private static final Path HOST_NAMESPACE = Path.of("/proc/self/ns/net");

  private static final Path SETTINGS = Path.of("/proc/sys/net");

  /** Packets go between interfaces, spoofed ones are dropped by the filter, none is redirected. */
  private static final List<String> ON = List.of("ipv4/ip_forward", "ipv6/conf/all/forwarding");

  private static final List<String> OFF =
      List.of(
          "ipv4/conf/all/rp_filter",
          "ipv4/conf/default/rp_filter",
          "ipv4/conf/all/send_redirects",
          "ipv4/conf/default/send_redirects",
          "ipv6/conf/default/accept_ra");

  private final Path namespace;
  private final Interfaces links;
  private final PacketFilter filter;

  private Router(Path namespace, Interfaces links, PacketFilter filter) {
    this.namespace = namespace;
    this.links = links;
    this.filter = filter;
  }

  /** Makes it, or takes up the one that is there. */
  static Router open(Path namespace, String uplinkName) throws IOException {
    if (Mounts.isMounted(namespace)) {
      return Namespaces.inNetwork(namespace, () -> fill(namespace, uplinkName));
    }
    Files.deleteIfExists(namespace);
    Files.createFile(namespace);
    return Namespaces.inNewNetwork(
        () -> {
          Mounts.bind(Namespaces.OWN_NETWORK, namespace);
          return fill(namespace, uplinkName);
        });
  }

  private static Router fill(Path namespace, String uplinkName) throws IOException {
    for (var setting : ON) {
      write(setting, "1");
    }
    for (var setting : OFF) {
      write(setting, "0");
    }
    withoutLinkLocalAddresses();
    var links = new Interfaces();
    try {
      links.up(Interfaces.LOOPBACK);
      links.addPair(
          new End(VpcRules.UPLINK, UPLINK_INDEX, MAC),
          new End(uplinkName, 0, HostSide.MAC),
          HOST_NAMESPACE);
      return new Router(namespace, links, new PacketFilter());
    } catch (IOException | RuntimeException e) {
      links.close();
      throw e;
    }
  }

  /** For interfaces that are made from now on: a router's have no address of their own. */
  static void withoutLinkLocalAddresses() throws IOException {
    write("ipv6/conf/default/addr_gen_mode", "1");
  }

  /** A kernel without IPv6 has no settings for it. */
  private static void write(String setting, String value) throws IOException {
    var file = SETTINGS.resolve(setting);
    if (Files.exists(file)) {
      Files.writeString(file, value);
    }
  }

  Path namespace() {
    return namespace;
  }

  PacketFilter filter() {
    return filter;
  }

  /** To be done once the host's side is up: an interface whose peer is up can send at once. */
  void connectUplink() throws IOException {
    links.address(UPLINK_INDEX, ROUTER_SIDE.bytes());
    links.up(UPLINK_INDEX);
    links.neighbour(UPLINK_INDEX, VpcRules.HOST_SIDE.bytes(), HostSide.MAC);
    links.routeBy(UPLINK_INDEX, VpcRules.HOST_SIDE.bytes(), new byte[4], 0);
    links.settle(UPLINK_INDEX);
  }

  /** What leaves over IPv6 goes to the host. */
  void connectUplinkIpv6() throws IOException {
    links.neighbour(UPLINK_INDEX, HostSide.IPV6.bytes(), HostSide.MAC);
    links.routeBy(UPLINK_INDEX, HostSide.IPV6.bytes(), new byte[16], 0);
  }

  void changeAddresses(Set<IpAddress> before, Set<IpAddress> now) throws IOException {
    for (var address : now) {
      if (!before.contains(address)) {
        links.address(Interfaces.LOOPBACK, address.bytes());
      }
    }
    for (var address : before) {
      if (!now.contains(address)) {
        links.removeAddress(Interfaces.LOOPBACK, address.bytes());
      }
    }
  }

  /** Ends what tasks have open to addresses at which nothing is any more. */
  void cutOff(Set<IpAddress> gone) throws IOException {
    for (var address : gone) {
      filter.forgetConnectionsTo(address.bytes());
    }
  }

  /** How this side of a slot's pair is to be made. */
  static End end(int slot) {
    return new End(Attachment.interfaceName(slot), index(slot), MAC);
  }

  void up(int slot) throws IOException {
    links.up(index(slot));
  }

  void settle(int slot) throws IOException {
    links.settle(index(slot));
  }

  /** Leads packets for the interface's addresses to it. */
  void routeTo(Attachment attachment) throws IOException {
    var eni = attachment.eni();
    var mac = new HardwareAddress(eni.macAddress());
    int index = index(attachment.slot());
    routeTo(index, eni.privateAddress(), mac);
    if (eni.ipv6Address().isPresent()) {
      routeTo(index, eni.ipv6Address().get(), mac);
    }
  }

  private void routeTo(int index, IpAddress address, HardwareAddress mac) throws IOException {
    links.routeTo(index, address.bytes());
    links.neighbour(index, address.bytes(), mac);
  }

  /** Removes a slot's pair, with both its ends. */
  void remove(int slot) throws IOException {
    links.delete(index(slot));
  }

  static int index(int slot) {
    return SLOT_INDEX_MIN + slot;
  }

  /** Lets go of it; it goes on without this process. */
  @Override
  public void close() {
    filter.close();
    links.close();
  }
}
