package dev.berth.model.host;

import java.util.regex.Pattern;

/** A host's own name, chosen at its first start and kept in its data folder. */
public record HostId(String value) implements Comparable<HostId> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  public HostId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' cannot be the id of a host");
    }
  }

  @Override
  public int compareTo(HostId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
