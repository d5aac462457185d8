package dev.berth.api.shape;

import dev.berth.api.shape.Shape.Bounds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * Holds a decoded request against its service model.
 *
 * <p>Pure. The wording is that of AWS's own framework; the name of a list's element is its position
 * from 1 and {@code member}, as in {@code tags.2.member.key}.
 */
public final class ConstraintCheck {
  /** A longer list of violations helps nobody. */
  private static final int VIOLATION_COUNT_MAX = 20;

  /** Longer values are cut in messages. */
  private static final int SHOWN_LENGTH_MAX = 256;

  private final ServiceModel model;
  private final List<Broken> violations = new ArrayList<>();

  /**
   * A constraint that does not hold.
   *
   * @param path of the member in AWS's form
   * @param text in AWS's words, with value and path
   */
  public record Broken(String path, String text) {
    private static final Pattern POSITION = Pattern.compile("\\.([0-9]+)\\.member");

    /** The path as one reads it in a JSON document, where positions begin at 0. */
    public String documentPath() {
      return POSITION
          .matcher(path)
          .replaceAll(found -> "[" + (Integer.parseInt(found.group(1)) - 1) + "]");
    }
  }

  private ConstraintCheck(ServiceModel model) {
    this.model = model;
  }

  /**
   * What is wrong with the input of an operation, in the order of its members; empty if nothing.
   */
  public static List<String> violations(ServiceModel model, String operation, SdkPojo input) {
    return broken(model, operation, input).stream().map(Broken::text).toList();
  }

  /** The same, with the path of each. */
  public static List<Broken> broken(ServiceModel model, String operation, SdkPojo input) {
    var known = model.operations().get(operation);
    if (known == null || known.input().isEmpty()) {
      return List.of();
    }
    var check = new ConstraintCheck(model);
    check.value(input, known.input(), "");
    return List.copyOf(check.violations);
  }

  private void value(Object value, String shapeName, String path) {
    if (violations.size() >= VIOLATION_COUNT_MAX) {
      return;
    }
    switch (model.shape(shapeName)) {
      case Shape.Structure structure when value instanceof SdkPojo pojo ->
          structure(pojo, structure, path);
      case Shape.ListOf list when value instanceof Collection<?> elements ->
          list(elements, list, path);
      case Shape.MapOf map when value instanceof Map<?, ?> entries -> map(entries, map, path);
      case Shape.Text text when value instanceof String string -> text(string, text, path);
      case Shape.Numeric number when value instanceof Number given -> number(given, number, path);
      case Shape.Structure _, Shape.ListOf _, Shape.MapOf _, Shape.Text _, Shape.Numeric _ -> {
        // Blobs and times come here, whose bounds are not on the decoded value.
      }
      case Shape.Free _ -> {}
    }
  }

  private void structure(SdkPojo pojo, Shape.Structure structure, String path) {
    for (SdkField<?> field : pojo.sdkFields()) {
      String name = field.memberName();
      Object member = memberOf(pojo, field);
      String memberPath = path.isEmpty() ? name : path + "." + name;
      String memberShape = structure.members().get(name);
      if (member == null) {
        if (structure.required().contains(name)) {
          violateNull(memberPath);
        }
      } else if (memberShape != null) {
        value(member, memberShape, memberPath);
      }
    }
  }

  private void list(Collection<?> elements, Shape.ListOf list, String path) {
    if (!length(elements.size(), list.count(), elements, path)) {
      return;
    }
    int position = 0;
    for (Object element : elements) {
      position++;
      element(element, list.member(), path + "." + position + ".member");
    }
  }

  private void map(Map<?, ?> entries, Shape.MapOf map, String path) {
    if (!length(entries.size(), map.count(), entries, path)) {
      return;
    }
    for (var entry : entries.entrySet()) {
      element(entry.getKey(), map.key(), path + ".key");
      element(entry.getValue(), map.value(), path + "." + entry.getKey() + ".member");
    }
  }

  private void element(@Nullable Object element, String shapeName, String path) {
    if (element == null) {
      violateNull(path);
    } else {
      value(element, shapeName, path);
    }
  }

  private void text(String string, Shape.Text text, String path) {
    boolean fits = length(string.codePointCount(0, string.length()), text.length(), string, path);
    Optional<Pattern> pattern = text.pattern();
    // AWS's patterns are often not anchored, and still mean the whole string. One that is too long
    // is refused already, and is not worth the time.
    if (fits && pattern.isPresent() && !pattern.get().matcher(string).matches()) {
      violate(
          string,
          path,
          "Member must satisfy regular expression pattern: " + pattern.get().pattern());
    }
    Set<String> values = text.values();
    if (!values.isEmpty() && !values.contains(string)) {
      violate(
          string,
          path,
          values.stream()
              .sorted()
              .collect(Collectors.joining(", ", "Member must satisfy enum value set: [", "]")));
    }
  }

  private void number(Number given, Shape.Numeric number, String path) {
    Bounds range = number.range();
    if (range.min().isPresent() && given.doubleValue() < range.min().get()) {
      violate(given, path, "Member must have value greater than or equal to " + range.min().get());
    }
    if (range.max().isPresent() && given.doubleValue() > range.max().get()) {
      violate(given, path, "Member must have value less than or equal to " + range.max().get());
    }
  }

  private boolean length(int size, Bounds bounds, Object shown, String path) {
    if (bounds.min().isPresent() && size < bounds.min().get()) {
      violate(
          shown, path, "Member must have length greater than or equal to " + bounds.min().get());
      return false;
    }
    if (bounds.max().isPresent() && size > bounds.max().get()) {
      violate(shown, path, "Member must have length less than or equal to " + bounds.max().get());
      return false;
    }
    return true;
  }

  private void violateNull(String path) {
    add(
        path,
        "Value null at '%s' failed to satisfy constraint: Member must not be null".formatted(path));
  }

  private void violate(Object value, String path, String demand) {
    String text = value.toString();
    String shown =
        text.length() > SHOWN_LENGTH_MAX ? text.substring(0, SHOWN_LENGTH_MAX) + "…" : text;
    add(path, "Value '%s' at '%s' failed to satisfy constraint: %s".formatted(shown, path, demand));
  }

  private void add(String path, String text) {
    if (violations.size() < VIOLATION_COUNT_MAX) {
      violations.add(new Broken(path, text));
    }
  }

  /** The member as it was sent, or null if it was not. */
  private static @Nullable Object memberOf(SdkPojo pojo, SdkField<?> field) {
    // The plain getter would make up a value for an idempotency token.
    Object value =
        field.containsTrait(DefaultValueTrait.class) && pojo instanceof SdkRequest request
            ? request.getValueForField(field.memberName(), Object.class).orElse(null)
            : field.getValueOrDefault(pojo);
    return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap
        ? null
        : value;
  }
}
