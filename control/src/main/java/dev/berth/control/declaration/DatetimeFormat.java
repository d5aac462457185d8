package dev.berth.control.declaration;

import com.google.re2j.Pattern;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns {@code awslogs-datetime-format}, in the notation of strftime, into a regular expression.
 */
final class DatetimeFormat {
  private static final Map<Character, String> PATTERNS = new HashMap<>();

  static {
    PATTERNS.put('a', "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)");
    PATTERNS.put('A', "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)");
    PATTERNS.put('b', "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)");
    PATTERNS.put(
        'B',
        "(?:January|February|March|April|May|June|July|August|September|October|November"
            + "|December)");
    PATTERNS.put('d', "\\d{1,2}");
    PATTERNS.put('f', "\\d+");
    PATTERNS.put('H', "\\d{2}");
    PATTERNS.put('I', "\\d{2}");
    PATTERNS.put('j', "\\d{1,3}");
    PATTERNS.put('L', "\\.\\d{3}");
    PATTERNS.put('m', "\\d{1,2}");
    PATTERNS.put('M', "\\d{2}");
    PATTERNS.put('p', "(?:AM|PM|am|pm)");
    PATTERNS.put('S', "\\d{2}");
    PATTERNS.put('w', "\\d");
    PATTERNS.put('y', "\\d{2}");
    PATTERNS.put('Y', "\\d{4}");
    PATTERNS.put('z', "[+-]\\d{4}");
    PATTERNS.put('Z', "[A-Z]{1,4}T");
    PATTERNS.put('%', "%");
  }

  private DatetimeFormat() {}

  /** The expression that a time of that format matches; what is no field stands for itself. */
  static String pattern(String format) {
    var pattern = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      String field =
          c == '%' && i + 1 < format.length() ? PATTERNS.get(format.charAt(i + 1)) : null;
      if (field == null) {
        pattern.append(Pattern.quote(String.valueOf(c)));
      } else {
        pattern.append(field);
        i++;
      }
    }
    return pattern.toString();
  }
}
