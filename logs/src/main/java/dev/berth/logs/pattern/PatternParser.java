package dev.berth.logs.pattern;

import java.util.ArrayList;
import java.util.List;

/** Reads a text as a filter pattern. */
public final class PatternParser {
  private static final String ELLIPSIS = "...";

  private PatternParser() {}

  /**
   * The pattern that the text is.
   *
   * @throws InvalidPattern if it is none
   */
  public static FilterPattern parse(String text) throws InvalidPattern {
    var scanner = new PatternScanner(text.strip());
    if (scanner.atEnd()) {
      return new FilterPattern.Everything();
    }
    return switch (scanner.peek()) {
      case '{' -> new FilterPattern.Json(new JsonConditionParser(scanner).parse());
      case '[' -> columns(scanner);
      default -> terms(scanner);
    };
  }

  private static FilterPattern terms(PatternScanner scanner) throws InvalidPattern {
    var required = new ArrayList<Text>();
    var anyOf = new ArrayList<Text>();
    var excluded = new ArrayList<Text>();
    for (scanner.skipSpace(); !scanner.atEnd(); scanner.skipSpace()) {
      var target = scanner.accept("?") ? anyOf : scanner.accept("-") ? excluded : required;
      target.add(term(scanner));
    }
    // AWS: a question mark beside other terms is ignored.
    boolean mixed = !required.isEmpty() || !excluded.isEmpty();
    return new FilterPattern.Terms(
        List.copyOf(required), mixed ? List.of() : List.copyOf(anyOf), List.copyOf(excluded));
  }

  private static Text term(PatternScanner scanner) throws InvalidPattern {
    if (scanner.peek() == '"') {
      return new Text.Exact(scanner.enclosed('"'));
    }
    if (scanner.peek() == '%') {
      return scanner.regular();
    }
    String word = scanner.word("\"");
    if (word.isEmpty()
        || !word.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '.')) {
      throw new InvalidPattern("Invalid character(s) in term '" + word + "'");
    }
    return new Text.Exact(word);
  }

  private static FilterPattern columns(PatternScanner scanner) throws InvalidPattern {
    scanner.expect("[");
    var first = new ArrayList<ColumnCondition>();
    var last = new ArrayList<ColumnCondition>();
    boolean rest = false;
    do {
      if (!scanner.accept(ELLIPSIS)) {
        (rest ? last : first).add(new ColumnConditionParser(scanner).parse());
      } else if (rest) {
        throw scanner.invalid("there is more than one " + ELLIPSIS);
      } else {
        rest = true;
      }
    } while (scanner.accept(","));
    scanner.expect("]");
    scanner.skipSpace();
    if (!scanner.atEnd()) {
      throw scanner.invalid("nothing may follow the columns");
    }
    return new FilterPattern.Columns(List.copyOf(first), rest, List.copyOf(last));
  }
}
