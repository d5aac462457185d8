package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.berth.agent.linux.Netlink.Message;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Network interfaces, addresses and routes of the namespace of the thread that opened this. What a
 * method makes must not be there yet.
 */
public final class Links implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int IFF_UP = 1;

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;

  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;

  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RT_TABLE_MAIN = 254;
  private static final int RTPROT_STATIC = 4;
  private static final int RT_SCOPE_UNIVERSE = 0;
  private static final int RT_SCOPE_LINK = 253;
  private static final int RTN_UNICAST = 1;

  private static final int NDA_DST = 1;
  private static final int NDA_LLADDR = 2;
  private static final short NUD_PERMANENT = 0x80;

  private static final int HOST_PREFIX_LENGTH = 32;

  private static final NativeCall INDEX = NativeCall.ofInt("if_nametoindex", ADDRESS);

  private final Netlink netlink;

  public Links() throws IOException {
    netlink = new Netlink();
  }

  /** Makes a pair of connected interfaces: one here, its peer in another namespace. */
  public void addPair(
      String name,
      byte[] hardwareAddress,
      String peerName,
      byte[] peerHardwareAddress,
      Path peerNamespace)
      throws IOException {
    try (var namespace = Descriptor.open(peerNamespace, Descriptor.O_RDONLY)) {
      var message =
          Message.create(Netlink.NEW_LINK)
              .link(0, 0)
              .attribute(IFLA_IFNAME, name)
              .attribute(IFLA_ADDRESS, hardwareAddress);
      int info = message.begin(IFLA_LINKINFO);
      message.attribute(IFLA_INFO_KIND, "veth");
      int data = message.begin(IFLA_INFO_DATA);
      int peer = message.begin(VETH_INFO_PEER);
      // Not up yet: the kernel refuses that for a peer in the making, with ENOTCONN.
      message
          .link(0, 0)
          .attribute(IFLA_IFNAME, peerName)
          .attribute(IFLA_ADDRESS, peerHardwareAddress)
          .attribute(IFLA_NET_NS_FD, namespace.number());
      message.end(peer).end(data).end(info);
      request("add the pair " + name + " and " + peerName, message);
    }
  }

  public void up(String name) throws IOException {
    request(
        "set up " + name,
        Message.change(Netlink.NEW_LINK).link(IFF_UP, IFF_UP).attribute(IFLA_IFNAME, name));
  }

  /** Removes an interface, and its peer with it. Nothing there is no failure. */
  public void delete(String name) throws IOException {
    int errno =
        netlink.request(
            name, Message.change(Netlink.DELETE_LINK).link(0, 0).attribute(IFLA_IFNAME, name));
    if (errno != 0 && errno != Errno.ENODEV) {
      throw new LinuxException("netlink: delete", name, errno);
    }
  }

  /** Gives the interface one address without a network around it. */
  public void address(String name, byte[] address) throws IOException {
    request(
        "add an address to " + name,
        Message.create(Netlink.NEW_ADDRESS)
            .octets(AF_INET, HOST_PREFIX_LENGTH, 0, 0)
            .number(index(name))
            .attribute(IFA_LOCAL, address)
            .attribute(IFA_ADDRESS, address));
  }

  /** Tells for good who has an address behind the interface, so that nobody is asked. */
  public void neighbour(byte[] address, byte[] hardwareAddress, String name) throws IOException {
    request(
        "add a neighbour behind " + name,
        Message.create(Netlink.NEW_NEIGHBOUR)
            .octets(AF_INET, 0, 0, 0)
            .number(index(name))
            .shorts(NUD_PERMANENT, (short) 0)
            .attribute(NDA_DST, address)
            .attribute(NDA_LLADDR, hardwareAddress));
  }

  /** Sends what is for that one address to the interface. */
  public void routeTo(byte[] address, String name) throws IOException {
    request(
        "add a route to " + name,
        route(HOST_PREFIX_LENGTH, RT_SCOPE_LINK)
            .attribute(RTA_DST, address)
            .attribute(RTA_OIF, index(name)));
  }

  /** Sends everything else to the gateway behind the interface. */
  public void routeDefault(byte[] gateway, String name) throws IOException {
    request(
        "add the default route by " + name,
        route(0, RT_SCOPE_UNIVERSE)
            .attribute(RTA_GATEWAY, gateway)
            .attribute(RTA_OIF, index(name)));
  }

  private static Message route(int prefixLength, int scope) {
    return Message.create(Netlink.NEW_ROUTE)
        .octets(AF_INET, prefixLength, 0, 0, RT_TABLE_MAIN, RTPROT_STATIC, scope, RTN_UNICAST)
        .number(0);
  }

  private static int index(String name) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          long index = INDEX.orErrno(NativeCall.text(arena, name));
          if (index <= 0) {
            throw new LinuxException("if_nametoindex", name, Errno.ENODEV);
          }
          return (int) index;
        });
  }

  private void request(String what, Message message) throws IOException {
    int errno = netlink.request(what, message);
    if (errno != 0) {
      throw new LinuxException("netlink:", what, errno);
    }
  }

  @Override
  public void close() {
    netlink.close();
  }
}
