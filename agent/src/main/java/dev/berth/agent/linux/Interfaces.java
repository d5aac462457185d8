package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.berth.agent.linux.Netlink.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Network interfaces by their numbers, in the namespace of the thread that opened this; after that
 * any thread may call it, one at a time. Every operation may be repeated: what is there already is
 * made equal to what is asked for, and what is gone already is no failure.
 *
 * <p>An interface's number is chosen by who makes it, so that nobody has to look it up.
 */
public final class Interfaces implements AutoCloseable {
  /** The loopback's, in every namespace. */
  public static final int LOOPBACK = 1;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int IPV4_BYTE_COUNT = 4;
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
  private static final int IFA_F_NODAD = 2;

  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RT_TABLE_MAIN = 254;
  private static final int RTPROT_STATIC = 4;
  private static final int RT_SCOPE_UNIVERSE = 0;
  private static final int RT_SCOPE_LINK = 253;

  /** Of a removal: whichever scope the route has. */
  private static final int RT_SCOPE_NOWHERE = 255;

  private static final int RTN_UNICAST = 1;

  /** The gateway is behind that interface even if no route says so. */
  private static final int RTNH_F_ONLINK = 4;

  private static final int NDA_DST = 1;
  private static final int NDA_LLADDR = 2;
  private static final short NUD_PERMANENT = 0x80;

  private static final NativeCall INDEX = NativeCall.ofInt("if_nametoindex", ADDRESS);

  /**
   * One end of a pair.
   *
   * @param index 0 lets the kernel choose
   */
  public record End(String name, int index, HardwareAddress hardwareAddress) {}

  private final Netlink netlink;

  public Interfaces() throws IOException {
    netlink = new Netlink();
  }

  /** The number of an interface in the calling thread's own namespace. */
  public static OptionalInt index(String name) throws IOException {
    return NativeCall.withMemory(
        arena -> {
          long index = INDEX.orErrno(NativeCall.text(arena, name));
          return index > 0 ? OptionalInt.of((int) index) : OptionalInt.empty();
        });
  }

  /**
   * Makes a pair of connected interfaces: one here, its peer in another namespace.
   *
   * @return false where one of them is there already; then nothing was made
   */
  public boolean addPair(End here, End peer, Path peerNamespace) throws IOException {
    try (var namespace = Descriptor.open(peerNamespace, Descriptor.O_RDONLY)) {
      var message =
          Message.create(Netlink.NEW_LINK)
              .link(here.index(), 0, 0)
              .attribute(IFLA_IFNAME, here.name())
              .attribute(IFLA_ADDRESS, here.hardwareAddress().bytes());
      int info = message.begin(IFLA_LINKINFO);
      message.attribute(IFLA_INFO_KIND, "veth");
      int data = message.begin(IFLA_INFO_DATA);
      int other = message.begin(VETH_INFO_PEER);
      // Not up yet: the kernel refuses that for a peer in the making, with ENOTCONN.
      message
          .link(peer.index(), 0, 0)
          .attribute(IFLA_IFNAME, peer.name())
          .attribute(IFLA_ADDRESS, peer.hardwareAddress().bytes())
          .attribute(IFLA_NET_NS_FD, namespace.number());
      message.end(other).end(data).end(info);
      var what = "add the pair " + here.name() + " and " + peer.name();
      int errno = netlink.request(what, message);
      // The number of an interface that is there answers EBUSY, its name EEXIST.
      if (errno == Errno.EEXIST || errno == Errno.EBUSY) {
        return false;
      }
      check(what, errno);
      return true;
    }
  }

  public void up(int index) throws IOException {
    request("set up " + index, Message.change(Netlink.NEW_LINK).link(index, IFF_UP, IFF_UP));
  }

  public void hardwareAddress(int index, HardwareAddress address) throws IOException {
    request(
        "set the hardware address of " + index,
        Message.change(Netlink.NEW_LINK)
            .link(index, 0, 0)
            .attribute(IFLA_ADDRESS, address.bytes()));
  }

  /**
   * The side of a pair that came up before its peer drops what it is to send until the kernel has
   * noticed the peer. Asking makes it notice (Linux 6.8).
   */
  public void settle(int index) throws IOException {
    netlink.question("look at " + index, Message.change(Netlink.GET_LINK).link(index, 0, 0));
  }

  public boolean exists(int index) throws IOException {
    try {
      settle(index);
      return true;
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENODEV) {
        return false;
      }
      throw e;
    }
  }

  /** Removes an interface, and its peer with it. */
  public void delete(int index) throws IOException {
    int errno =
        netlink.request("delete " + index, Message.change(Netlink.DELETE_LINK).link(index, 0, 0));
    if (errno != Errno.ENODEV) {
      check("delete " + index, errno);
    }
  }

  /** Gives the interface one IPv4 or IPv6 address without a network around it. */
  public void address(int index, byte[] address) throws IOException {
    request(
        "add an address to " + index,
        address(Message.replace(Netlink.NEW_ADDRESS), index, address));
  }

  public void removeAddress(int index, byte[] address) throws IOException {
    int errno =
        netlink.request(
            "remove an address", address(Message.change(Netlink.DELETE_ADDRESS), index, address));
    if (errno != Errno.EADDRNOTAVAIL && errno != Errno.ENODEV) {
      check("remove an address of " + index, errno);
    }
  }

  private static Message address(Message message, int index, byte[] address) {
    // Nobody else can have it, so the kernel need not ask around before it may be used.
    return message
        .octets(family(address), address.length * Byte.SIZE, IFA_F_NODAD, 0)
        .number(index)
        .attribute(IFA_LOCAL, address)
        .attribute(IFA_ADDRESS, address);
  }

  /** Tells for good who has an address behind the interface, so that nobody is asked. */
  public void neighbour(int index, byte[] address, HardwareAddress hardwareAddress)
      throws IOException {
    request(
        "add a neighbour behind " + index,
        Message.replace(Netlink.NEW_NEIGHBOUR)
            .octets(family(address), 0, 0, 0)
            .number(index)
            .shorts(NUD_PERMANENT, (short) 0)
            .attribute(NDA_DST, address)
            .attribute(NDA_LLADDR, hardwareAddress.bytes()));
  }

  /** Sends what is for that one address to the interface. */
  public void routeTo(int index, byte[] address) throws IOException {
    request(
        "add a route to " + index,
        route(
                Message.replace(Netlink.NEW_ROUTE),
                address,
                address.length * Byte.SIZE,
                RT_SCOPE_LINK,
                0)
            .attribute(RTA_DST, address)
            .attribute(RTA_OIF, index));
  }

  /** Sends what is for a range, or all else with an empty prefix, to the gateway behind it. */
  public void routeBy(int index, byte[] gateway, byte[] network, int prefixLength)
      throws IOException {
    request(
        "add a route by " + index,
        routeBy(Message.replace(Netlink.NEW_ROUTE), index, gateway, network, prefixLength));
  }

  /**
   * The same, unless there is a route to that range already.
   *
   * @return false where there is one; it stays
   */
  public boolean addRouteBy(int index, byte[] gateway, byte[] network, int prefixLength)
      throws IOException {
    var what = "add a route by " + index;
    int errno =
        netlink.request(
            what,
            routeBy(Message.create(Netlink.NEW_ROUTE), index, gateway, network, prefixLength));
    if (errno == Errno.EEXIST) {
      return false;
    }
    check(what, errno);
    return true;
  }

  private static Message routeBy(
      Message message, int index, byte[] gateway, byte[] network, int prefixLength) {
    route(message, network, prefixLength, RT_SCOPE_UNIVERSE, RTNH_F_ONLINK);
    if (prefixLength > 0) {
      message.attribute(RTA_DST, network);
    }
    return message.attribute(RTA_GATEWAY, gateway).attribute(RTA_OIF, index);
  }

  /** Removes a route that {@link #routeTo} or {@link #routeBy} made. */
  public void removeRoute(int index, byte[] network, int prefixLength) throws IOException {
    int errno =
        netlink.request(
            "remove a route",
            route(Message.change(Netlink.DELETE_ROUTE), network, prefixLength, RT_SCOPE_NOWHERE, 0)
                .attribute(RTA_DST, network)
                .attribute(RTA_OIF, index));
    if (errno != Errno.ESRCH && errno != Errno.ENODEV) {
      check("remove a route of " + index, errno);
    }
  }

  private static Message route(
      Message message, byte[] network, int prefixLength, int scope, int flags) {
    return message
        .octets(family(network), prefixLength, 0, 0)
        .octets(RT_TABLE_MAIN, RTPROT_STATIC, scope, RTN_UNICAST)
        .number(flags);
  }

  private static int family(byte[] address) {
    return address.length == IPV4_BYTE_COUNT ? AF_INET : AF_INET6;
  }

  private void request(String what, Message message) throws IOException {
    check(what, netlink.request(what, message));
  }

  private static void check(String what, int errno) throws IOException {
    if (errno != 0) {
      throw new LinuxException("netlink:", what, errno);
    }
  }

  @Override
  public void close() {
    netlink.close();
  }
}
