package dev.berth.api.logs;

import dev.berth.logs.EventPosition;
import java.util.regex.Pattern;

/**
 * Positions as text of 56 digits, as long as AWS's event ids: they sort as the events do, and the
 * same event always has the same.
 */
final class EventTokens {
  private static final int MILLIS_DIGIT_COUNT = 14;
  private static final int NUMBER_DIGIT_COUNT = 21;
  private static final Pattern FORM = Pattern.compile("[0-9]{56}");
  private static final String LAST = "9".repeat(NUMBER_DIGIT_COUNT);
  private static final long MILLIS_MAX = 99_999_999_999_999L;

  private EventTokens() {}

  static String text(EventPosition position) {
    return "%014d".formatted(Math.clamp(position.epochMillis(), 0, MILLIS_MAX))
        + number(position.stream())
        + number(position.sequence());
  }

  /** One more than it is, for there are positions before the first. */
  private static String number(long value) {
    return value == Long.MAX_VALUE ? LAST : "%021d".formatted(value + 1);
  }

  /** The position that a text stands for. */
  static EventPosition position(String text) {
    if (!FORM.matcher(text).matches()) {
      throw LogsErrors.invalid("The specified nextToken is invalid.");
    }
    return new EventPosition(
        Long.parseLong(text.substring(0, MILLIS_DIGIT_COUNT)),
        value(text.substring(MILLIS_DIGIT_COUNT, MILLIS_DIGIT_COUNT + NUMBER_DIGIT_COUNT)),
        value(text.substring(MILLIS_DIGIT_COUNT + NUMBER_DIGIT_COUNT)));
  }

  private static long value(String digits) {
    if (digits.equals(LAST)) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(digits) - 1;
    } catch (NumberFormatException e) {
      throw LogsErrors.invalid("The specified nextToken is invalid.");
    }
  }
}
