package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a prefix list, such as {@code pl-0123456789abcdef0}. */
public record PrefixListId(String value) implements Comparable<PrefixListId> {
  private static final Pattern FORM = Pattern.compile("pl-([0-9a-f]{8}|[0-9a-f]{17})");

  public PrefixListId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a prefix list");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(PrefixListId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
