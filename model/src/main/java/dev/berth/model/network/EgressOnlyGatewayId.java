package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of an egress-only internet gateway, such as {@code eigw-0123456789abcdef0}. */
public record EgressOnlyGatewayId(String value) implements Comparable<EgressOnlyGatewayId> {
  private static final Pattern FORM = Pattern.compile("eigw-([0-9a-f]{8}|[0-9a-f]{17})");

  public EgressOnlyGatewayId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'" + value + "' is not the id of an egress-only internet gateway");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(EgressOnlyGatewayId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
