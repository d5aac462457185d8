package dev.berth.logs.pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A condition on a JSON object. */
sealed interface JsonCondition extends Predicate<JsonNode> {
  JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  record Not(JsonCondition inner) implements JsonCondition {
    @Override
    public boolean test(JsonNode node) {
      return !inner.test(node);
    }
  }

  record And(JsonCondition left, JsonCondition right) implements JsonCondition {
    @Override
    public boolean test(JsonNode node) {
      return left.test(node) && right.test(node);
    }
  }

  record Or(JsonCondition left, JsonCondition right) implements JsonCondition {
    @Override
    public boolean test(JsonNode node) {
      return left.test(node) || right.test(node);
    }
  }

  /** A member's value stands so to another. A member that is not there never does. */
  record Compared(Selector selector, Comparison comparison) implements JsonCondition {
    @Override
    public boolean test(JsonNode node) {
      return selector.select(node).stream()
          .filter(value -> value.isValueNode() && !value.isNull())
          .anyMatch(value -> comparison.test(value.asText()));
    }
  }

  record Exists(Selector selector) implements JsonCondition {
    @Override
    public boolean test(JsonNode node) {
      return !selector.select(node).isEmpty();
    }
  }

  record Is(Selector selector, Literal literal) implements JsonCondition {
    @Override
    public boolean test(JsonNode node) {
      return selector.select(node).stream().anyMatch(this::isLiteral);
    }

    private boolean isLiteral(JsonNode value) {
      return switch (literal) {
        case NULL -> value.isNull();
        case TRUE -> value.isBoolean() && value.booleanValue();
        case FALSE -> value.isBoolean() && !value.booleanValue();
      };
    }
  }

  /** What IS asks for. */
  enum Literal {
    NULL,
    TRUE,
    FALSE
  }

  /** A way into an object: members by name, elements by number, {@code *} for all of them. */
  record Selector(List<String> steps) {
    static final String ANY = "*";
    private static final int DIGIT_COUNT_MAX = 8;

    public Selector {
      steps = List.copyOf(steps);
    }

    List<JsonNode> select(JsonNode root) {
      List<JsonNode> nodes = List.of(root);
      for (String step : steps) {
        var next = new ArrayList<JsonNode>();
        for (JsonNode node : nodes) {
          if (step.equals(ANY)) {
            node.forEach(next::add);
          } else if (node.isArray()) {
            number(step).map(node::get).ifPresent(next::add);
          } else if (node.has(step)) {
            next.add(node.get(step));
          }
        }
        nodes = next;
      }
      return nodes;
    }

    private static Optional<Integer> number(String step) {
      return !step.isEmpty()
              && step.length() <= DIGIT_COUNT_MAX
              && step.chars().allMatch(c -> c >= '0' && c <= '9')
          ? Optional.of(Integer.parseInt(step))
          : Optional.empty();
    }
  }

  /** The message, if it is an object. */
  static Optional<JsonNode> parse(String message) {
    if (!message.stripLeading().startsWith("{")) {
      return Optional.empty(); // Most messages: nothing is thrown for them.
    }
    try {
      return Optional.of(JSON.readTree(message));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
