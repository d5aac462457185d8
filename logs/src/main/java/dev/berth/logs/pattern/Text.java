package dev.berth.logs.pattern;

import com.google.re2j.Pattern;

/** What is looked for in a text. */
sealed interface Text {
  /** Somewhere in it. */
  boolean isIn(String text);

  /** All of it. */
  boolean is(String text);

  /** The characters themselves. */
  record Exact(String value) implements Text {
    @Override
    public boolean isIn(String text) {
      return text.contains(value);
    }

    @Override
    public boolean is(String text) {
      return text.equals(value);
    }
  }

  /** With {@code *} for any characters. */
  record Wildcard(String value) implements Text {
    @Override
    public boolean isIn(String text) {
      return text.contains(value);
    }

    /** Goes back to the last star alone, so that the time is bounded by both lengths' product. */
    @Override
    public boolean is(String text) {
      int at = 0;
      int in = 0;
      int star = -1;
      int starAt = 0;
      while (at < text.length()) {
        if (in < value.length() && value.charAt(in) == '*') {
          star = in++;
          starAt = at;
        } else if (in < value.length() && value.charAt(in) == text.charAt(at)) {
          in++;
          at++;
        } else if (star >= 0) {
          in = star + 1;
          at = ++starAt;
        } else {
          return false;
        }
      }
      while (in < value.length() && value.charAt(in) == '*') {
        in++;
      }
      return in == value.length();
    }
  }

  /** A regular expression, which takes time in proportion to the text. */
  record Regular(Pattern pattern) implements Text {
    @Override
    public boolean isIn(String text) {
      return pattern.matcher(text).find();
    }

    @Override
    public boolean is(String text) {
      return isIn(text);
    }
  }
}
