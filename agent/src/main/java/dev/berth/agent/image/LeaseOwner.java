package dev.berth.agent.image;

import java.util.regex.Pattern;

/**
 * Who uses an image, such as a task's id.
 *
 * @param value 1 to 128 letters, digits, {@code _}, {@code .} and {@code -}; it becomes a part of a
 *     file name
 */
public record LeaseOwner(String value) {
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

  public LeaseOwner {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a lease owner: " + value);
    }
  }
}
