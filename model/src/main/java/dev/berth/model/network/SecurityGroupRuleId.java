package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a rule of a security group, such as {@code sgr-0123456789abcdef0}. */
public record SecurityGroupRuleId(String value) implements Comparable<SecurityGroupRuleId> {
  private static final Pattern FORM = Pattern.compile("sgr-([0-9a-f]{8}|[0-9a-f]{17})");

  public SecurityGroupRuleId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'" + value + "' is not the id of a rule of a security group");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(SecurityGroupRuleId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
