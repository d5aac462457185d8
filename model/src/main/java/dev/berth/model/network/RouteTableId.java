package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a route table, such as {@code rtb-0123456789abcdef0}. */
public record RouteTableId(String value) implements Comparable<RouteTableId> {
  private static final Pattern FORM = Pattern.compile("rtb-([0-9a-f]{8}|[0-9a-f]{17})");

  public RouteTableId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a route table");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(RouteTableId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
