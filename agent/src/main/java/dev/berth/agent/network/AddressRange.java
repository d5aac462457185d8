package dev.berth.agent.network;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * The private IPv4 addresses that an agent gives to tasks: the first is the gateway's, the others
 * are the slots' by number.
 *
 * @param base the network's own address, as a number
 */
public record AddressRange(int base, int prefixLength) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /** The first number of a slot; 0 is the network, 1 the gateway. */
  static final int SLOT_MIN = 2;

  public AddressRange {
    if (prefixLength < 16 || prefixLength > 28) {
      throw new IllegalArgumentException("a range's prefix is 16 to 28 bits, not " + prefixLength);
    }
    if ((base & ((1 << (32 - prefixLength)) - 1)) != 0) {
      throw new IllegalArgumentException(text(base) + "/" + prefixLength + " is not a network");
    }
  }

  /** Reads the form {@code 100.64.0.0/16}. */
  public static AddressRange parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a range such as 100.64.0.0/16");
    }
    int base = 0;
    for (int i = 1; i <= 4; i++) {
      int octet = Integer.parseInt(matcher.group(i));
      if (octet > 255) {
        throw new IllegalArgumentException("'" + text + "' is not a range such as 100.64.0.0/16");
      }
      base = base << 8 | octet;
    }
    return new AddressRange(base, Integer.parseInt(matcher.group(5)));
  }

  /** The last number of a slot; the range's last address is the broadcast's. */
  int slotMax() {
    return (1 << (32 - prefixLength)) - 2;
  }

  byte[] gateway() {
    return bytes(base + 1);
  }

  byte[] address(int slot) {
    return bytes(base + slot);
  }

  /** Made from the address, in the part of the hardware addresses that anybody may use. */
  byte[] hardwareAddress(int slot) {
    return ByteBuffer.allocate(6).put((byte) 0x0a).put((byte) 0).putInt(base + slot).array();
  }

  /** The host's side of every slot has the same: each is alone with its peer. */
  byte[] gatewayHardwareAddress() {
    return hardwareAddress(1);
  }

  String addressText(int slot) {
    return text(base + slot);
  }

  @Override
  public String toString() {
    return text(base) + "/" + prefixLength;
  }

  private static byte[] bytes(int address) {
    return ByteBuffer.allocate(4).putInt(address).array();
  }

  private static String text(int address) {
    return "%d.%d.%d.%d"
        .formatted(address >>> 24, address >>> 16 & 255, address >>> 8 & 255, address & 255);
  }
}
