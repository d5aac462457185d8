package dev.berth.model.network;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * An IPv4 or IPv6 address as text in its one short form, so that equal addresses are equal texts.
 * Fact: RFC 5952.
 *
 * <p>Never resolves a name: only literals are taken.
 */
public record IpAddress(String value) {
  public IpAddress {
    InetAddress address = InetAddress.ofLiteral(value);
    value =
        address instanceof Inet6Address ? shortest(address.getAddress()) : address.getHostAddress();
  }

  /** The longest row of zeros, and of equal ones the first, is left out. */
  private static String shortest(byte[] bytes) {
    var numbers = ByteBuffer.wrap(bytes);
    int[] groups = new int[bytes.length / 2];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = Short.toUnsignedInt(numbers.getShort(2 * i));
    }
    int first = 0;
    int count = 1; // One alone is not left out.
    for (int i = 0; i < groups.length; i++) {
      int end = i;
      while (end < groups.length && groups[end] == 0) {
        end++;
      }
      if (end - i > count) {
        first = i;
        count = end - i;
      }
    }
    if (count == 1) {
      return text(groups, 0, groups.length);
    }
    return text(groups, 0, first) + "::" + text(groups, first + count, groups.length);
  }

  private static String text(int[] groups, int from, int until) {
    return Arrays.stream(groups, from, until)
        .mapToObj(Integer::toHexString)
        .collect(Collectors.joining(":"));
  }

  /** The address with these 4 or 16 bytes in network order. */
  public static IpAddress of(byte[] bytes) {
    try {
      return new IpAddress(InetAddress.getByAddress(bytes).getHostAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(bytes.length + " bytes are no address", e);
    }
  }

  public boolean isIpv4() {
    return inet() instanceof Inet4Address;
  }

  public InetAddress inet() {
    return InetAddress.ofLiteral(value);
  }

  /** The address's bytes in network order: 4 or 16. */
  public byte[] bytes() {
    return inet().getAddress();
  }

  @Override
  public String toString() {
    return value;
  }
}
