package dev.berth.agent.network;

import dev.berth.agent.linux.HardwareAddress;
import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.PacketFilter;
import dev.berth.agent.network.rules.HostRules;
import dev.berth.agent.network.rules.RuleSet;
import dev.berth.agent.network.rules.VpcRules;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.VpcId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routers' uplinks as the host has them: its routes to VPCs, and its one table. */
final class HostSide implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostSide.class);
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final Path SETTINGS = Path.of("/proc/sys/net");

  /** Of the host's end of every uplink. */
  static final HardwareAddress MAC = new HardwareAddress("0a:00:00:00:00:02");

  /** Of that end for IPv6, as a router knows it. */
  static final IpAddress IPV6 = new IpAddress("fe80::1");

  /** What is reached by one router. */
  private static final class Uplink {
    final String name;
    int index;
    List<Cidr> cidrs = List.of();
    final Set<IpAddress> published = new HashSet<>();
    Set<IpAddress> natGateways = Set.of();
    Set<Cidr> outIpv6 = Set.of();
    final Set<Cidr> routes = new HashSet<>();

    Uplink(String name, int index) {
      this.name = name;
      this.index = index;
    }

    /** What answers from the world come back to. */
    Set<Cidr> answered() {
      var all = new HashSet<>(outIpv6);
      published.forEach(address -> all.add(new Cidr(address, Integer.SIZE)));
      natGateways.forEach(address -> all.add(new Cidr(address, Integer.SIZE)));
      return all;
    }
  }

  private final String prefix;
  private final boolean access;
  private final Interfaces links;
  private final PacketFilter filter;
  private final String tableName;
  private final Map<VpcId, Uplink> uplinks = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private RuleSet table;
  private String listed = "";
  private int generation;

  private HostSide(
      String prefix, String tableName, boolean access, Interfaces links, PacketFilter filter) {
    this.prefix = prefix;
    this.tableName = tableName;
    this.access = access;
    this.links = links;
    this.filter = filter;
    this.table = HostRules.of(tableName, prefix, List.of());
  }

  /**
   * Puts the table in place and switches IPv4 forwarding on where it is off.
   *
   * @param prefix how the names of uplinks begin
   * @param access whether the host has routes to private addresses
   */
  static HostSide open(String prefix, String tableName, boolean access) throws IOException {
    if (Files.readString(FORWARDING).strip().equals("0")) {
      Files.writeString(FORWARDING, "1");
      LOG.atInfo().log("net.ipv4.ip_forward switched on");
    }
    var side = new HostSide(prefix, tableName, access, new Interfaces(), new PacketFilter());
    side.applyWhole();
    return side;
  }

  String uplinkName(int number) {
    return prefix + number;
  }

  private void applyWhole() throws IOException {
    filter.run(table.whole());
    listed = filter.run("list table " + tableName);
    generation = filter.generation();
  }

  private void apply(RuleSet next) throws IOException {
    var script = next.since(table);
    table = next;
    if (!script.isEmpty()) {
      filter.run(script);
      listed = filter.run("list table " + tableName);
      generation = filter.generation();
    }
  }

  /** Brings the host's end of an uplink up; the router's follows. */
  void connect(VpcId vpc, String name) throws IOException {
    lock.lock();
    try {
      int index =
          Interfaces.index(name)
              .orElseThrow(() -> new IOException("the uplink " + name + " of " + vpc + " is gone"));
      uplinks.computeIfAbsent(vpc, _ -> new Uplink(name, index)).index = index;
      quieten(name);
      links.address(index, VpcRules.HOST_SIDE.bytes());
      links.up(index);
      links.neighbour(index, Router.ROUTER_SIDE.bytes(), Router.MAC);
    } finally {
      lock.unlock();
    }
  }

  /** The host has no IPv6 address there, believes no router, and tells nobody of a better way. */
  private static void quieten(String name) throws IOException {
    var ipv6 = SETTINGS.resolve(Path.of("ipv6/conf", name));
    if (Files.exists(ipv6)) {
      Files.writeString(ipv6.resolve("addr_gen_mode"), "1");
      Files.writeString(ipv6.resolve("accept_ra"), "0");
    }
    Files.writeString(SETTINGS.resolve(Path.of("ipv4/conf", name, "send_redirects")), "0");
  }

  /** The peer is up now. */
  void settle(VpcId vpc) throws IOException {
    lock.lock();
    try {
      var uplink = uplinks.get(vpc);
      if (uplink != null) {
        links.settle(uplink.index);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a VPC consists of now.
   *
   * @param outIpv6 the ranges that have a way out over IPv6
   */
  void plan(VpcId vpc, List<Cidr> cidrs, List<IpAddress> natGateways, List<Cidr> outIpv6)
      throws IOException {
    lock.lock();
    try {
      var uplink = uplinks.get(vpc);
      if (uplink != null) {
        uplink.cidrs = cidrs.stream().filter(cidr -> cidr.network().isIpv4()).toList();
        uplink.natGateways = Set.copyOf(natGateways);
        uplink.outIpv6 = Set.copyOf(outIpv6);
        if (!outIpv6.isEmpty()) {
          Ipv6Forwarding.switchOn();
        }
        route();
      }
    } finally {
      lock.unlock();
    }
  }

  void publish(VpcId vpc, IpAddress address) throws IOException {
    lock.lock();
    try {
      var uplink = uplinks.get(vpc);
      if (uplink != null && uplink.published.add(address)) {
        route();
      }
    } finally {
      lock.unlock();
    }
  }

  void withdraw(VpcId vpc, IpAddress address) throws IOException {
    lock.lock();
    try {
      var uplink = uplinks.get(vpc);
      if (uplink != null && uplink.published.remove(address)) {
        route();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes the uplink, and its routes with it. */
  void disconnect(VpcId vpc) throws IOException {
    lock.lock();
    try {
      var uplink = uplinks.remove(vpc);
      if (uplink != null) {
        remove(uplink.name);
      }
      route();
    } finally {
      lock.unlock();
    }
  }

  private void route() throws IOException {
    var published = new ArrayList<String>();
    for (var uplink : uplinks.values()) {
      uplink.published.forEach(address -> published.add(address.toString()));
    }
    apply(HostRules.of(tableName, prefix, published));
    var own = access ? HostNetworks.without(prefix) : List.<Cidr>of();
    for (var uplink : uplinks.values()) {
      var wanted = uplink.answered();
      if (access) {
        uplink.cidrs.stream().filter(cidr -> isFree(cidr, uplink, own)).forEach(wanted::add);
      }
      route(uplink, wanted);
    }
  }

  /** Equal ranges of two VPCs are no ambiguity for the VPCs, but they are for the host. */
  private boolean isFree(Cidr cidr, Uplink owner, List<Cidr> own) {
    return own.stream().noneMatch(cidr::overlaps)
        && uplinks.values().stream()
            .filter(other -> other != owner)
            .flatMap(other -> other.cidrs.stream())
            .noneMatch(cidr::overlaps);
  }

  private void route(Uplink uplink, Set<Cidr> wanted) throws IOException {
    for (var gone : uplink.routes.stream().filter(route -> !wanted.contains(route)).toList()) {
      links.removeRoute(uplink.index, gone.network().bytes(), gone.prefixLength());
      uplink.routes.remove(gone);
    }
    for (var route : wanted) {
      if (!uplink.routes.contains(route)) {
        uplink.routes.add(route);
        if (!addRoute(uplink, route)) {
          LOG.atWarn()
              .addKeyValue("range", route)
              .addKeyValue("uplink", uplink.name)
              .log("the host has another route to this range");
        }
      }
    }
  }

  private boolean addRoute(Uplink uplink, Cidr route) throws IOException {
    var network = route.network().bytes();
    links.removeRoute(uplink.index, network, route.prefixLength()); // A killed agent's.
    return keepRoute(uplink, route);
  }

  /** False where there is one already. */
  private boolean keepRoute(Uplink uplink, Cidr route) throws IOException {
    var router = route.network().isIpv4() ? Router.ROUTER_SIDE : Router.IPV6;
    if (!route.network().isIpv4()) {
      links.neighbour(uplink.index, router.bytes(), Router.MAC);
    }
    return links.addRouteBy(
        uplink.index, router.bytes(), route.network().bytes(), route.prefixLength());
  }

  /** Makes good what others changed: the table, addresses and routes. */
  void repair() throws IOException {
    lock.lock();
    try {
      if (filter.generation() != generation) {
        if (!listedNow().equals(listed)) {
          LOG.atWarn()
              .addKeyValue("table", tableName)
              .log("the host's table was changed: repaired");
          applyWhole();
        }
        generation = filter.generation();
      }
      for (var each : Map.copyOf(uplinks).entrySet()) {
        connect(each.getKey(), each.getValue().name);
        for (var route : each.getValue().routes) {
          keepRoute(each.getValue(), route);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private String listedNow() {
    try {
      return filter.run("list table " + tableName);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Removes an uplink of which nothing else is known. */
  void remove(String name) throws IOException {
    var index = Interfaces.index(name);
    if (index.isPresent()) {
      links.delete(index.getAsInt());
    }
  }

  /** Removes the table. */
  void retire() throws IOException {
    filter.run(table.remove());
  }

  @Override
  public void close() {
    filter.close();
    links.close();
  }
}
