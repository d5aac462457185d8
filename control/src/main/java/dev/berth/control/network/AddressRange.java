package dev.berth.control.network;

import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;

/** The addresses of a range that interfaces may have. */
public final class AddressRange {
  /** The network, the router, the resolver, one for later use; and the last one, broadcast. */
  private static final int RESERVED_FIRST_COUNT = 4;

  private static final int RESERVED_LAST_COUNT = 1;
  private static final int IPV6_BYTE_COUNT = 16;

  private final Cidr cidr;

  public AddressRange(Cidr cidr) {
    this.cidr = cidr;
  }

  /** How many addresses an IPv4 range can give out. */
  public long count() {
    long all = 1L << (Integer.SIZE - cidr.prefixLength());
    return Math.max(0, all - RESERVED_FIRST_COUNT - RESERVED_LAST_COUNT);
  }

  /**
   * A free address of an IPv4 range: the first one from a place of the caller's choice on, and
   * round again. From a place of chance, an address that was just let go is hardly the next one
   * given.
   *
   * @param from any number
   */
  public Optional<IpAddress> pick(Set<IpAddress> taken, long from) {
    long count = count();
    for (long step = 0; step < count; step++) {
      long offset = Math.floorMod(from, count) + step;
      IpAddress address = at(RESERVED_FIRST_COUNT + offset % count);
      if (!taken.contains(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /**
   * An address of an IPv6 range of 64 bits or more, in which a second try is hardly ever needed.
   *
   * @param from any number
   */
  public IpAddress pickIpv6(Set<IpAddress> taken, long from) {
    long low = from;
    while (Long.compareUnsigned(low, RESERVED_FIRST_COUNT) < 0 || taken.contains(at(low))) {
      low++;
    }
    return at(low);
  }

  /** Whether an address of an IPv4 range is one that an interface may have. */
  public boolean mayGive(IpAddress address) {
    if (!cidr.contains(address)) {
      return false;
    }
    long offset =
        new BigInteger(1, address.bytes())
            .subtract(new BigInteger(1, cidr.network().bytes()))
            .longValueExact();
    return offset >= RESERVED_FIRST_COUNT && offset < RESERVED_FIRST_COUNT + count();
  }

  private IpAddress at(long offset) {
    byte[] network = cidr.network().bytes();
    var number = new BigInteger(1, network).add(new BigInteger(Long.toUnsignedString(offset)));
    byte[] sum = number.toByteArray();
    byte[] bytes = new byte[network.length];
    int copied = Math.min(sum.length, bytes.length);
    System.arraycopy(sum, sum.length - copied, bytes, bytes.length - copied, copied);
    try {
      return new IpAddress(InetAddress.getByAddress(bytes).getHostAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or " + IPV6_BYTE_COUNT + " bytes", e);
    }
  }
}
