package dev.berth.model.identity;

import java.util.regex.Pattern;

/**
 * A region's name. Any name that can stand in an ARN and in a host name works: a region is only a
 * name space here, and it exists as soon as somebody uses it.
 */
public record Region(String value) implements Comparable<Region> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public Region {
    if (!isName(value)) {
      throw new IllegalArgumentException("'" + value + "' cannot be the name of a region");
    }
  }

  /** Letters in lower case, digits and inner hyphens. */
  public static boolean isName(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(Region other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
