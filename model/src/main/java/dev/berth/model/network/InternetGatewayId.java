package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of an internet gateway, such as {@code igw-0123456789abcdef0}. */
public record InternetGatewayId(String value) implements Comparable<InternetGatewayId> {
  private static final Pattern FORM = Pattern.compile("igw-([0-9a-f]{8}|[0-9a-f]{17})");

  public InternetGatewayId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of an internet gateway");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(InternetGatewayId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
