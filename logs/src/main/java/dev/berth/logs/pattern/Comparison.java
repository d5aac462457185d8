package dev.berth.logs.pattern;

import java.math.BigDecimal;
import java.util.Optional;

/** Compares a value with what a pattern names. */
sealed interface Comparison {
  /** A longer text is taken for no number. */
  int NUMBER_LENGTH_MAX = 64;

  /** Beyond that, comparing would cost all memory. */
  int SCALE_MAX = 400;

  boolean test(String value);

  /** As a text. */
  record OfText(boolean equal, Text wanted) implements Comparison {
    @Override
    public boolean test(String value) {
      return wanted.is(value) == equal;
    }
  }

  /** As a number; what is none is only unequal. */
  record OfNumber(Operator operator, BigDecimal wanted) implements Comparison {
    @Override
    public boolean test(String value) {
      return number(value)
          .map(number -> operator.holds(number.compareTo(wanted)))
          .orElse(operator == Operator.NOT_EQUAL);
    }
  }

  /** How two numbers stand to each other. */
  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }
  }

  static Optional<BigDecimal> number(String text) {
    if (text.isEmpty()
        || text.length() > NUMBER_LENGTH_MAX
        || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return Optional.empty();
    }
    try {
      var number = new BigDecimal(text);
      return Math.abs((long) number.scale()) > SCALE_MAX ? Optional.empty() : Optional.of(number);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
