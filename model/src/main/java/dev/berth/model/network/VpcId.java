package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a VPC, such as {@code vpc-0123456789abcdef0}. */
public record VpcId(String value) implements Comparable<VpcId> {
  private static final Pattern FORM = Pattern.compile("vpc-([0-9a-f]{8}|[0-9a-f]{17})");

  public VpcId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a VPC");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(VpcId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
