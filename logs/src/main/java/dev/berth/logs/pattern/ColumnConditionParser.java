package dev.berth.logs.pattern;

/** Reads what stands for one column. */
final class ColumnConditionParser {
  private static final int DEPTH_MAX = 50;

  private final PatternScanner scanner;
  private int depth;

  ColumnConditionParser(PatternScanner scanner) {
    this.scanner = scanner;
  }

  ColumnCondition parse() throws InvalidPattern {
    ColumnCondition left = and();
    while (scanner.accept("||")) {
      left = new ColumnCondition.Or(left, and());
    }
    return left;
  }

  private ColumnCondition and() throws InvalidPattern {
    ColumnCondition left = simple();
    while (scanner.accept("&&")) {
      left = new ColumnCondition.And(left, simple());
    }
    return left;
  }

  private ColumnCondition simple() throws InvalidPattern {
    if (scanner.accept("(")) {
      if (++depth > DEPTH_MAX) {
        throw scanner.invalid("there are too many parentheses");
      }
      ColumnCondition inner = parse();
      scanner.expect(")");
      depth--;
      return inner;
    }
    scanner.skipSpace();
    String name = scanner.word(",]=!<>&|()");
    if (name.isEmpty() && scanner.peek() != ',' && scanner.peek() != ']') {
      throw scanner.invalid("a column's name is expected");
    }
    var operator = Operators.next(scanner);
    return operator.isEmpty()
        ? new ColumnCondition.Anything()
        : new ColumnCondition.Compared(Operators.comparison(scanner, operator.get(), ",]&|()"));
  }
}
