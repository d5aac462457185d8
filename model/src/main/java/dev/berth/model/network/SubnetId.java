package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a subnet, such as {@code subnet-0123456789abcdef0}. */
public record SubnetId(String value) implements Comparable<SubnetId> {
  private static final Pattern FORM = Pattern.compile("subnet-([0-9a-f]{8}|[0-9a-f]{17})");

  public SubnetId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a subnet");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(SubnetId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
