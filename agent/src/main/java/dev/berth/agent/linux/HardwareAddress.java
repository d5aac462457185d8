package dev.berth.agent.linux;

import java.util.HexFormat;

/** An interface's address on its link: six pairs of hexadecimal digits with colons. */
public record HardwareAddress(String value) {
  private static final int BYTE_COUNT = 6;

  public HardwareAddress {
    if (HexFormat.ofDelimiter(":").parseHex(value).length != BYTE_COUNT) {
      throw new IllegalArgumentException("'" + value + "' is no hardware address");
    }
  }

  byte[] bytes() {
    return HexFormat.ofDelimiter(":").parseHex(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
