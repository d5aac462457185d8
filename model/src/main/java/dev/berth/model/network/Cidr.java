package dev.berth.model.network;

import java.math.BigInteger;

/**
 * A range of addresses such as {@code 172.31.0.0/16}.
 *
 * @param network its first address: no bit is set behind the prefix
 * @param prefixLength in bits
 */
public record Cidr(IpAddress network, int prefixLength) {
  public Cidr {
    int bitCount = network.bytes().length * Byte.SIZE;
    if (prefixLength < 0 || prefixLength > bitCount) {
      throw new IllegalArgumentException("/" + prefixLength + " is no prefix of " + network);
    }
    if (!number(network).and(hostMask(bitCount, prefixLength)).equals(BigInteger.ZERO)) {
      throw new IllegalArgumentException(network + "/" + prefixLength + " has host bits set");
    }
  }

  /** Fails with an {@link IllegalArgumentException} where the text is no range in that form. */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + text + "' has no prefix length");
    }
    return new Cidr(
        new IpAddress(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  public boolean contains(IpAddress address) {
    int bitCount = network.bytes().length * Byte.SIZE;
    return address.isIpv4() == network.isIpv4()
        && number(address).andNot(hostMask(bitCount, prefixLength)).equals(number(network));
  }

  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.network);
  }

  public boolean overlaps(Cidr other) {
    return contains(other.network) || other.contains(network);
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.bytes());
  }

  private static BigInteger hostMask(int bitCount, int prefixLength) {
    return BigInteger.ONE.shiftLeft(bitCount - prefixLength).subtract(BigInteger.ONE);
  }

  @Override
  public String toString() {
    return network + "/" + prefixLength;
  }
}
