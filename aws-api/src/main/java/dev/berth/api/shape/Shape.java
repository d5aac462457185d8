package dev.berth.api.shape;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a service model demands of a value; other shapes are referred to by name. */
public sealed interface Shape {

  /** The bounds of a length, a count or a number; both ends are included. */
  record Bounds(Optional<Long> min, Optional<Long> max) {
    static final Bounds NONE = new Bounds(Optional.empty(), Optional.empty());
  }

  /** Members by name, with the names of their shapes. */
  record Structure(Map<String, String> members, Set<String> required) implements Shape {}

  record ListOf(String member, Bounds count) implements Shape {}

  record MapOf(String key, String value, Bounds count) implements Shape {}

  /**
   * A string.
   *
   * @param values what an enumeration allows; empty for any other string
   */
  record Text(Bounds length, Optional<Pattern> pattern, Set<String> values) implements Shape {}

  record Numeric(Bounds range) implements Shape {}

  /** Nothing is demanded. */
  record Free() implements Shape {}
}
