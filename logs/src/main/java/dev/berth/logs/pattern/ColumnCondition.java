package dev.berth.logs.pattern;

/** A condition on one column of a message. */
sealed interface ColumnCondition {
  boolean test(String column);

  /** A column that is only named. */
  record Anything() implements ColumnCondition {
    @Override
    public boolean test(String column) {
      return true;
    }
  }

  record Compared(Comparison comparison) implements ColumnCondition {
    @Override
    public boolean test(String column) {
      return comparison.test(column);
    }
  }

  record And(ColumnCondition left, ColumnCondition right) implements ColumnCondition {
    @Override
    public boolean test(String column) {
      return left.test(column) && right.test(column);
    }
  }

  record Or(ColumnCondition left, ColumnCondition right) implements ColumnCondition {
    @Override
    public boolean test(String column) {
      return left.test(column) || right.test(column);
    }
  }
}
