package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a NAT gateway, such as {@code nat-0123456789abcdef0}. */
public record NatGatewayId(String value) implements Comparable<NatGatewayId> {
  private static final Pattern FORM = Pattern.compile("nat-([0-9a-f]{8}|[0-9a-f]{17})");

  public NatGatewayId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a NAT gateway");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(NatGatewayId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
