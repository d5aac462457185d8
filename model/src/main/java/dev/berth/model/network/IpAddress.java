package dev.berth.model.network;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 or IPv6 address as text in the JDK's form, so that equal addresses are equal texts.
 *
 * <p>Never resolves a name: only literals are taken.
 */
public record IpAddress(String value) {
  public IpAddress {
    value = InetAddress.ofLiteral(value).getHostAddress();
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
