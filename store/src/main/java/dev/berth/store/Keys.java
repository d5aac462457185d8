package dev.berth.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;

/** What a key may be, and how keys are ordered. */
public final class Keys {
  /** The longest key, in UTF-8 bytes. */
  public static final int KEY_BYTES_MAX = 1024;

  /**
   * By UTF-8 bytes. That is the order of code points, which is not the order of {@link
   * String#compareTo}.
   */
  public static final Comparator<String> ORDER = Keys::compare;

  private Keys() {}

  /**
   * Returns the key.
   *
   * @throws IllegalArgumentException if it is empty, longer than {@link #KEY_BYTES_MAX}, or not
   *     well-formed UTF-16, for then two keys would have the same bytes
   */
  public static String valid(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key is empty");
    }
    return validPrefix(key);
  }

  /** As {@link #valid}, but may be empty: then it begins every key. */
  public static String validPrefix(String prefix) {
    // A paired surrogate is part of a code point above these.
    if (prefix
        .codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw new IllegalArgumentException("a key holds an unpaired surrogate: " + prefix);
    }
    if (prefix.length() > KEY_BYTES_MAX || prefix.getBytes(UTF_8).length > KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key is longer than " + KEY_BYTES_MAX + " bytes: " + prefix);
    }
    return prefix;
  }

  private static int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all others, though their chars are not the
        // largest.
        return Character.isSurrogate(a) == Character.isSurrogate(b)
            ? Character.compare(a, b)
            : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
