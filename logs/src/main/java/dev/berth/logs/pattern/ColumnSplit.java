package dev.berth.logs.pattern;

import java.util.ArrayList;
import java.util.List;

/** Splits a message at spaces; what stands in quotes or square brackets is one column. */
final class ColumnSplit {
  private ColumnSplit() {}

  static List<String> of(String message) {
    var columns = new ArrayList<String>();
    int at = 0;
    while (at < message.length()) {
      char c = message.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      int close =
          switch (c) {
            case '"' -> message.indexOf('"', at + 1);
            case '[' -> message.indexOf(']', at + 1);
            default -> -1;
          };
      if (close > 0) {
        columns.add(message.substring(at + 1, close));
        at = close + 1;
        continue;
      }
      int end = at;
      while (end < message.length() && !Character.isWhitespace(message.charAt(end))) {
        end++;
      }
      columns.add(message.substring(at, end));
      at = end;
    }
    return columns;
  }
}
