package dev.berth.model.network;

import java.util.regex.Pattern;

/** The id of a network interface, such as {@code eni-0123456789abcdef0}. */
public record EniId(String value) implements Comparable<EniId> {
  private static final Pattern FORM = Pattern.compile("eni-([0-9a-f]{8}|[0-9a-f]{17})");

  public EniId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' is not the id of a network interface");
    }
  }

  /** Whether the text has the form of such an id. */
  public static boolean isForm(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(EniId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
