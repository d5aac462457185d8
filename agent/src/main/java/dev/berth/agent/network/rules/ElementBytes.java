package dev.berth.agent.network.rules;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.berth.model.network.IpAddress;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** What a script says of an element, as the kernel has it. */
public final class ElementBytes {
  private static final String VERDICT = "goto ";

  /** Names of interfaces have their whole room. Fact: the kernel's IFNAMSIZ. */
  private static final int NAME_BYTE_COUNT = 16;

  private ElementBytes() {}

  /** An interface's name in quotation marks, an address, or a port; or several, joined by dots. */
  public static byte[] of(String text) {
    var parts = text.split(" \\. ", -1);
    if (parts.length == 1) {
      return part(text);
    }
    var joined = new ByteArrayOutputStream();
    for (var part : parts) {
      var bytes = part(part);
      joined.writeBytes(Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4)); // In whole registers.
    }
    return joined.toByteArray();
  }

  private static byte[] part(String text) {
    if (text.startsWith("\"")) {
      return Arrays.copyOf(
          text.substring(1, text.length() - 1).getBytes(US_ASCII), NAME_BYTE_COUNT);
    }
    if (text.chars().allMatch(Character::isDigit)) {
      int port = Integer.parseInt(text);
      return new byte[] {(byte) (port >> 8), (byte) port};
    }
    return new IpAddress(text).bytes();
  }

  /** The chain that a verdict leads to; empty for what is no verdict. */
  public static Optional<String> chain(String value) {
    return value.startsWith(VERDICT)
        ? Optional.of(value.substring(VERDICT.length()))
        : Optional.empty();
  }
}
