package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of an elastic address, such as {@code eipalloc-0123456789abcdef0}. */
public record AllocationId(String value) implements Comparable<AllocationId> {
  private static final Pattern FORM = Pattern.compile("eipalloc-([0-9a-f]{8}|[0-9a-f]{17})");

  public AllocationId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of an elastic address");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(AllocationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
