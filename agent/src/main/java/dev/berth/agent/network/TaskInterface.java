package dev.berth.agent.network;

import dev.berth.agent.linux.HardwareAddress;
import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Interfaces.End;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.LinkLocalService.Counters;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SubnetPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A task's namespace and its side of the pair to the router. One thread at a time. */
final class TaskInterface implements AutoCloseable {
  /** Inside a namespace, as on AWS. */
  private static final String NAME = "eth0";

  static final int INDEX = 2;

  /** Of the namespace of the thread that reads it. Fact: proc_pid_net(5). */
  private static final Path COUNTERS = Path.of("/proc/thread-self/net/dev");

  private static final byte[] DEFAULT_IPV4 = new byte[4];
  private static final byte[] DEFAULT_IPV6 = new byte[16];

  /** Until the task's own is known. */
  private static final HardwareAddress SPARE_MAC = new HardwareAddress("0a:00:00:00:00:03");

  /** The router as IPv6 has it: it is never asked for, so it need not have the address. */
  private static final IpAddress ROUTER_IPV6 = new IpAddress("fe80::1");

  private final int slot;
  private final Path namespace;
  private final Interfaces links;

  private TaskInterface(int slot, Path namespace, Interfaces links) {
    this.slot = slot;
    this.namespace = namespace;
    this.links = links;
  }

  /** Makes a namespace with a pair to that router, without an address yet. */
  static TaskInterface make(int slot, Path namespace, Path router) throws IOException {
    return Namespaces.inNewNetwork(
        () -> {
          Mounts.bind(Namespaces.OWN_NETWORK, namespace);
          return open(slot, namespace, router);
        });
  }

  /** Takes up the namespace that is bound there, and makes the pair if that is gone. */
  static TaskInterface adopt(int slot, Path namespace, Path router) throws IOException {
    return Namespaces.inNetwork(namespace, () -> open(slot, namespace, router));
  }

  private static TaskInterface open(int slot, Path namespace, Path router) throws IOException {
    Router.withoutLinkLocalAddresses();
    var links = new Interfaces();
    try {
      links.up(Interfaces.LOOPBACK);
      links.addPair(new End(NAME, INDEX, SPARE_MAC), Router.end(slot), router);
    } catch (IOException | RuntimeException e) {
      links.close();
      throw e;
    }
    return new TaskInterface(slot, namespace, links);
  }

  int slot() {
    return slot;
  }

  Path namespace() {
    return namespace;
  }

  /** To be done once the router's side is up: an interface whose peer is up can send at once. */
  void up() throws IOException {
    links.up(INDEX);
  }

  void hardwareAddress(EniSpec eni) throws IOException {
    links.hardwareAddress(INDEX, new HardwareAddress(eni.macAddress()));
  }

  /** Gives it the addresses, and the ways to the subnet's gateway. */
  void configure(EniSpec eni, SubnetPlan subnet) throws IOException {
    links.address(INDEX, eni.privateAddress().bytes());
    var gateway = gateway(subnet, eni.privateAddress()).bytes();
    links.routeTo(INDEX, gateway);
    // Known for good, so that the first packet does not wait for an answer.
    links.neighbour(INDEX, gateway, Router.MAC);
    links.routeBy(INDEX, gateway, DEFAULT_IPV4, 0);
    if (eni.ipv6Address().isPresent()) {
      links.address(INDEX, eni.ipv6Address().get().bytes());
      links.neighbour(INDEX, ROUTER_IPV6.bytes(), Router.MAC);
      links.routeBy(INDEX, ROUTER_IPV6.bytes(), DEFAULT_IPV6, 0);
    }
  }

  private static IpAddress gateway(SubnetPlan subnet, IpAddress address) {
    return subnet.cidrs().stream()
        .filter(cidr -> cidr.contains(address))
        .findFirst()
        .map((Cidr cidr) -> VpcRules.gateway(cidr))
        .orElseThrow(
            () -> new IllegalArgumentException(address + " is not in subnet " + subnet.id()));
  }

  /** What the interface has carried; nothing where it is gone. */
  Optional<Counters> counters() throws IOException {
    var lines = Namespaces.inNetwork(namespace, () -> Files.readAllLines(COUNTERS));
    for (var line : lines) {
      var columns = line.strip().split("[:\\s]+", -1);
      if (columns[0].equals(NAME)) {
        return Optional.of(
            new Counters(
                Long.parseLong(columns[1]),
                Long.parseLong(columns[2]),
                Long.parseLong(columns[9]),
                Long.parseLong(columns[10])));
      }
    }
    return Optional.empty();
  }

  /** Lets go of it; it goes on without this process. */
  @Override
  public void close() {
    links.close();
  }
}
