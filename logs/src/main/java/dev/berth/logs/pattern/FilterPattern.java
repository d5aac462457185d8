package dev.berth.logs.pattern;

import java.util.List;
import java.util.function.Predicate;

/** A pattern that messages match or not. */
public sealed interface FilterPattern extends Predicate<String> {
  /** The empty pattern: every message. */
  record Everything() implements FilterPattern {
    @Override
    public boolean test(String message) {
      return true;
    }
  }

  /** Words and phrases: all that are required, one of {@code anyOf} if any, none excluded. */
  record Terms(List<Text> required, List<Text> anyOf, List<Text> excluded)
      implements FilterPattern {
    @Override
    public boolean test(String message) {
      return required.stream().allMatch(text -> text.isIn(message))
          && (anyOf.isEmpty() || anyOf.stream().anyMatch(text -> text.isIn(message)))
          && excluded.stream().noneMatch(text -> text.isIn(message));
    }
  }

  /** A condition on a message that is a JSON object. */
  record Json(JsonCondition condition) implements FilterPattern {
    @Override
    public boolean test(String message) {
      return JsonCondition.parse(message).map(condition::test).orElse(false);
    }
  }

  /**
   * Conditions on a message's columns.
   *
   * @param rest there may be more columns between the first and the last
   */
  record Columns(List<ColumnCondition> first, boolean rest, List<ColumnCondition> last)
      implements FilterPattern {
    @Override
    public boolean test(String message) {
      var columns = ColumnSplit.of(message);
      int wanted = first.size() + last.size();
      if (rest ? columns.size() < wanted : columns.size() != wanted) {
        return false;
      }
      return matches(first, columns.subList(0, first.size()))
          && matches(last, columns.subList(columns.size() - last.size(), columns.size()));
    }

    private static boolean matches(List<ColumnCondition> conditions, List<String> columns) {
      for (int i = 0; i < conditions.size(); i++) {
        if (!conditions.get(i).test(columns.get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
