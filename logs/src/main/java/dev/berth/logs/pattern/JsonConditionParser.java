package dev.berth.logs.pattern;

import dev.berth.logs.pattern.JsonCondition.Literal;
import dev.berth.logs.pattern.JsonCondition.Selector;
import java.util.ArrayList;

/** Reads what stands in braces. */
final class JsonConditionParser {
  /** Of parentheses in each other. */
  private static final int DEPTH_MAX = 50;

  private final PatternScanner scanner;
  private int depth;

  JsonConditionParser(PatternScanner scanner) {
    this.scanner = scanner;
  }

  JsonCondition parse() throws InvalidPattern {
    scanner.expect("{");
    JsonCondition condition = or();
    scanner.expect("}");
    scanner.skipSpace();
    if (!scanner.atEnd()) {
      throw scanner.invalid("nothing may follow the closing brace");
    }
    return condition;
  }

  private JsonCondition or() throws InvalidPattern {
    JsonCondition left = and();
    while (scanner.accept("||")) {
      left = new JsonCondition.Or(left, and());
    }
    return left;
  }

  private JsonCondition and() throws InvalidPattern {
    JsonCondition left = simple();
    while (scanner.accept("&&")) {
      left = new JsonCondition.And(left, simple());
    }
    return left;
  }

  private JsonCondition simple() throws InvalidPattern {
    if (scanner.accept("(")) {
      if (++depth > DEPTH_MAX) {
        throw scanner.invalid("there are too many parentheses");
      }
      JsonCondition inner = or();
      scanner.expect(")");
      depth--;
      return inner;
    }
    Selector selector = selector();
    if (scanner.acceptWord("NOT")) {
      if (!scanner.acceptWord("EXISTS")) {
        throw scanner.invalid("EXISTS is expected after NOT");
      }
      return new JsonCondition.Not(new JsonCondition.Exists(selector));
    }
    if (scanner.acceptWord("EXISTS")) {
      return new JsonCondition.Exists(selector);
    }
    if (scanner.acceptWord("IS")) {
      return is(selector);
    }
    var operator =
        Operators.next(scanner).orElseThrow(() -> scanner.invalid("an operator is expected"));
    return new JsonCondition.Compared(selector, Operators.comparison(scanner, operator, "}&|()"));
  }

  private JsonCondition is(Selector selector) throws InvalidPattern {
    for (Literal literal : Literal.values()) {
      if (scanner.acceptWord(literal.name())) {
        return new JsonCondition.Is(selector, literal);
      }
    }
    throw scanner.invalid("NULL, TRUE or FALSE is expected after IS");
  }

  private Selector selector() throws InvalidPattern {
    scanner.expect("$");
    var steps = new ArrayList<String>();
    while (true) {
      if (scanner.peek() == '.') {
        scanner.next();
        String name = scanner.word(".[]=!<>{}()&|");
        if (name.isEmpty()) {
          throw scanner.invalid("a member's name is expected");
        }
        steps.add(name);
      } else if (scanner.peek() == '[') {
        scanner.next();
        steps.add(element());
        scanner.expect("]");
      } else if (steps.isEmpty()) {
        throw scanner.invalid("a selector begins with $.");
      } else {
        return new Selector(steps);
      }
    }
  }

  private String element() throws InvalidPattern {
    scanner.skipSpace();
    if (scanner.peek() == '"' || scanner.peek() == '\'') {
      return scanner.enclosed(scanner.peek());
    }
    String element = scanner.word("]");
    if (element.isEmpty()) {
      throw scanner.invalid("an element's number is expected");
    }
    return element;
  }
}
