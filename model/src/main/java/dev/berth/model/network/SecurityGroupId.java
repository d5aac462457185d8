package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a security group, such as {@code sg-0123456789abcdef0}. */
public record SecurityGroupId(String value) implements Comparable<SecurityGroupId> {
  private static final Pattern FORM = Pattern.compile("sg-([0-9a-f]{8}|[0-9a-f]{17})");

  public SecurityGroupId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a security group");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(SecurityGroupId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
