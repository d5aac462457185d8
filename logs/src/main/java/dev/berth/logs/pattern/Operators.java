package dev.berth.logs.pattern;

import dev.berth.logs.pattern.Comparison.Operator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What JSON and columns have in common: operators, and what stands after them. */
final class Operators {
  /** The longer ones first. */
  private static final Map<String, Operator> SIGNS = new LinkedHashMap<>();

  static {
    SIGNS.put("!=", Operator.NOT_EQUAL);
    SIGNS.put("<=", Operator.LESS_OR_EQUAL);
    SIGNS.put(">=", Operator.GREATER_OR_EQUAL);
    SIGNS.put("=", Operator.EQUAL);
    SIGNS.put("<", Operator.LESS);
    SIGNS.put(">", Operator.GREATER);
  }

  private Operators() {}

  static Optional<Operator> next(PatternScanner scanner) {
    for (var sign : SIGNS.entrySet()) {
      if (scanner.accept(sign.getKey())) {
        return Optional.of(sign.getValue());
      }
    }
    return Optional.empty();
  }

  /** The comparison with the value that comes next. */
  static Comparison comparison(PatternScanner scanner, Operator operator, String ends)
      throws InvalidPattern {
    scanner.skipSpace();
    boolean equal = operator == Operator.EQUAL;
    boolean equality = equal || operator == Operator.NOT_EQUAL;
    if (equality && scanner.peek() == '%') {
      return new Comparison.OfText(equal, scanner.regular());
    }
    if (equality && scanner.peek() == '"') {
      return new Comparison.OfText(equal, new Text.Wildcard(scanner.enclosed('"')));
    }
    String word = scanner.word(ends);
    if (word.isEmpty()) {
      throw scanner.invalid("a value is expected");
    }
    var number = Comparison.number(word);
    if (number.isPresent()) {
      return new Comparison.OfNumber(operator, number.get());
    }
    if (!equality) {
      throw scanner.invalid("'" + word + "' is no number");
    }
    return new Comparison.OfText(equal, new Text.Wildcard(word));
  }
}
