package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a VPC endpoint, such as {@code vpce-0123456789abcdef0}. */
public record VpcEndpointId(String value) implements Comparable<VpcEndpointId> {
  private static final Pattern FORM = Pattern.compile("vpce-([0-9a-f]{8}|[0-9a-f]{17})");

  public VpcEndpointId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a VPC endpoint");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(VpcEndpointId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
