package dev.berth.agent.network;

import dev.berth.agent.linux.Belongings;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.agent.network.VpcTaskNetworks.Patience;
import dev.berth.agent.network.dns.HostResolvers;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SecurityGroupPlan.Icmp;
import dev.berth.model.network.SecurityGroupPlan.Peer;
import dev.berth.model.network.SecurityGroupPlan.Ports;
import dev.berth.model.network.SecurityGroupPlan.Rule;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** VPCs on this machine with tasks that are nothing but their namespaces. */
final class VpcRoom implements AutoCloseable {
  static final VpcId VPC = new VpcId("vpc-0000000a");
  static final VpcId OTHER_VPC = new VpcId("vpc-0000000b");
  static final SubnetId SUBNET = new SubnetId("subnet-0000000a");
  static final Rule EVERYTHING = from("0.0.0.0/0");

  /** Within one machine an answer takes far less. */
  static final int PROBE_MILLIS = 300;

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  final Path folder;
  final String mark =
      "n" + ProcessHandle.current().pid() % 10_000 + (char) ('a' + NUMBERS.getAndIncrement() % 26);
  final Path resolvers;
  VpcTaskNetworks networks;
  private final boolean hostAccess;
  int poolCount = 1;
  Patience patience = new Patience(Duration.ofMillis(200), Duration.ofHours(1));
  private int tasks;

  VpcRoom(boolean hostAccess) throws IOException {
    this.hostAccess = hostAccess;
    folder = Files.createTempDirectory("berth-vpc-");
    resolvers = Files.createTempFile("berth-resolvers-", "");
    networks = open();
  }

  VpcTaskNetworks open() throws IOException {
    return VpcTaskNetworks.open(
        folder, names(), hostAccess, poolCount, patience, new HostResolvers(resolvers));
  }

  HostNames names() {
    return new HostNames(mark);
  }

  /** A new agent over the same folders, as after a kill. */
  void restart() throws IOException {
    networks.letGo();
    networks = open();
  }

  /** A task with an interface. */
  record Guest(TaskId task, EniSpec eni, Path namespace) {
    IpAddress address() {
      return eni.privateAddress();
    }
  }

  Guest attach(EniSpec eni) throws IOException {
    var task = new TaskId("%032x".formatted(++tasks));
    return new Guest(task, eni, networks.attach(task, eni).namespace());
  }

  Guest attach(VpcId vpc, String address, SecurityGroupId... groups) throws IOException {
    return attach(eni(vpc, address, Optional.empty(), groups));
  }

  static EniSpec eni(
      VpcId vpc, String address, Optional<String> publicAddress, SecurityGroupId... groups) {
    var bytes = new IpAddress(address).bytes();
    return new EniSpec(
        new EniId("eni-%02x%02x%02x%02x".formatted(bytes[0], bytes[1], bytes[2], bytes[3])),
        vpc,
        SUBNET,
        "0a:01:%02x:%02x:%02x:%02x".formatted(bytes[0], bytes[1], bytes[2], bytes[3]),
        new IpAddress(address),
        Optional.empty(),
        publicAddress.map(IpAddress::new),
        List.of(groups),
        "ip-" + address.replace('.', '-') + ".ec2.internal");
  }

  static SecurityGroupId group(int number) {
    return new SecurityGroupId("sg-%08x".formatted(number));
  }

  static SecurityGroupPlan plan(int group, List<Rule> ingress, List<Rule> egress) {
    return new SecurityGroupPlan(group(group), ingress, egress, List.of());
  }

  static VpcPlan plan(
      VpcId vpc, long version, List<SubnetPlan.Route> routes, List<SecurityGroupPlan> groups) {
    return new VpcPlan(
        vpc,
        new Realm(new AccountId("000000000000"), new Region("us-east-1")),
        version,
        List.of(Cidr.parse("172.29.0.0/16")),
        true,
        true,
        List.of(new SubnetPlan(SUBNET, List.of(Cidr.parse("172.29.0.0/20")), routes)),
        groups,
        List.of());
  }

  static Rule from(String cidr) {
    return new Rule(
        SecurityGroupPlan.EVERY_PROTOCOL,
        Optional.empty(),
        Optional.empty(),
        new Peer.Range(Cidr.parse(cidr)));
  }

  static Rule tcp(int from, int to, Peer peer) {
    return new Rule(6, Optional.of(new Ports(from, to)), Optional.empty(), peer);
  }

  static Rule udp(int from, int to, Peer peer) {
    return new Rule(17, Optional.of(new Ports(from, to)), Optional.empty(), peer);
  }

  static Rule icmp(int type, int code, Peer peer) {
    return new Rule(1, Optional.empty(), Optional.of(new Icmp(type, code)), peer);
  }

  static Peer range(String cidr) {
    return new Peer.Range(Cidr.parse(cidr));
  }

  static Peer members(int group) {
    return new Peer.Group(group(group));
  }

  /** Whether the guest gets a connection to that address, where something listens. */
  static boolean reaches(Guest from, String address, int port) throws IOException {
    return Namespaces.inNetwork(from.namespace(), () -> connects(address, port));
  }

  static boolean connects(String address, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), PROBE_MILLIS);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /** Whether a TCP connection from the one to a listener of the other comes about. */
  static boolean reaches(Guest from, Guest to, int port) throws IOException {
    try (var _ = Namespaces.inNetwork(to.namespace(), () -> new ServerSocket(port))) {
      return reaches(from, to.address().toString(), port);
    }
  }

  /** Whether a datagram arrives, and its answer comes back. */
  static boolean sendsDatagram(Guest from, Guest to, int port) throws IOException {
    try (var listener = Namespaces.inNetwork(to.namespace(), () -> new DatagramSocket(port));
        var sender = Namespaces.inNetwork(from.namespace(), () -> new DatagramSocket())) {
      listener.setSoTimeout(PROBE_MILLIS);
      sender.setSoTimeout(PROBE_MILLIS);
      try {
        sender.send(
            new DatagramPacket(
                new byte[] {1}, 1, new InetSocketAddress(to.address().inet(), port)));
        var arrived = new DatagramPacket(new byte[8], 8);
        listener.receive(arrived);
        listener.send(new DatagramPacket(new byte[] {2}, 1, arrived.getSocketAddress()));
        sender.receive(new DatagramPacket(new byte[8], 8));
        return true;
      } catch (SocketTimeoutException lost) {
        return false;
      } catch (IOException refused) {
        return false;
      }
    }
  }

  Belongings belongings() throws IOException {
    return Belongings.find(
        new Belongings.Marks(
            "berth-test-none", names().uplinkPrefix(), names().table(), List.of(folder)));
  }

  @Override
  public void close() throws IOException {
    for (var task : networks.list()) {
      networks.detach(task);
    }
    networks.retire();
    TreeRemoval.remove(folder);
    Files.delete(resolvers);
  }
}
