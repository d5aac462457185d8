package dev.berth.logs.pattern;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Goes over a pattern's characters. */
final class PatternScanner {
  private final String text;
  private int position;

  PatternScanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return position == text.length();
  }

  /** The next character; a NUL at the end. */
  char peek() {
    return atEnd() ? '\0' : text.charAt(position);
  }

  char next() {
    return text.charAt(position++);
  }

  void skipSpace() {
    while (!atEnd() && Character.isWhitespace(peek())) {
      position++;
    }
  }

  /** Goes over this, after spaces, if it is next. */
  boolean accept(String wanted) {
    skipSpace();
    if (!text.startsWith(wanted, position)) {
      return false;
    }
    position += wanted.length();
    return true;
  }

  /** Goes over this word, in capitals or not, if it is next and ends there. */
  boolean acceptWord(String wanted) {
    skipSpace();
    int end = position + wanted.length();
    if (!text.regionMatches(true, position, wanted, 0, wanted.length())
        || (end < text.length() && Character.isLetterOrDigit(text.charAt(end)))) {
      return false;
    }
    position = end;
    return true;
  }

  void expect(String wanted) throws InvalidPattern {
    if (!accept(wanted)) {
      throw invalid("'" + wanted + "' is expected");
    }
  }

  /** Characters up to the first of these, or to a space. */
  String word(String ends) {
    int from = position;
    while (!atEnd() && !Character.isWhitespace(peek()) && ends.indexOf(peek()) < 0) {
      position++;
    }
    return text.substring(from, position);
  }

  /**
   * What stands between this character and the next of its kind; a backslash before one quotes it.
   */
  String enclosed(char mark) throws InvalidPattern {
    var inner = new StringBuilder();
    position++;
    while (!atEnd()) {
      char c = next();
      if (c == mark) {
        return inner.toString();
      }
      if (c == '\\' && (peek() == mark || (mark == '"' && peek() == '\\'))) {
        c = next();
      }
      inner.append(c);
    }
    throw invalid("a closing " + mark + " is missing");
  }

  /** A regular expression between percent signs. */
  Text.Regular regular() throws InvalidPattern {
    String expression = enclosed('%');
    try {
      return new Text.Regular(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw invalid("'" + expression + "' is no regular expression: " + e.getMessage());
    }
  }

  InvalidPattern invalid(String why) {
    return new InvalidPattern("Invalid filter pattern: " + why + " at position " + position + ".");
  }
}
