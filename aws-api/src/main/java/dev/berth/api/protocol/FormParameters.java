package dev.berth.api.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query request as a tree: {@code tags.member.1.key} is four levels deep.
 *
 * <p>Bounded before it is built, so that a small request cannot make a large tree.
 */
public final class FormParameters {
  private static final int PARAMETER_COUNT_MAX = 20_000;
  private static final int DEPTH_MAX = 32;

  private final Map<String, FormParameters> children = new LinkedHashMap<>();
  private @Nullable String value;

  private FormParameters() {}

  /**
   * Reads the query string and the form in the body; the body wins.
   *
   * @throws MalformedRequest if it is not a form, or too large a one
   */
  public static FormParameters of(WireRequest request) {
    var root = new FormParameters();
    int count = root.addAll(request.rawQuery(), 0);
    root.addAll(new String(request.body(), UTF_8), count);
    return root;
  }

  private int addAll(String form, int countBefore) {
    int count = countBefore;
    for (int start = 0; start < form.length(); ) {
      int ampersand = form.indexOf('&', start);
      int end = ampersand < 0 ? form.length() : ampersand;
      if (end > start) {
        count++;
        if (count > PARAMETER_COUNT_MAX) {
          throw new MalformedRequest("more than " + PARAMETER_COUNT_MAX + " parameters");
        }
        add(form.substring(start, end));
      }
      start = end + 1;
    }
    return count;
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String name = decode(equals < 0 ? pair : pair.substring(0, equals));
    FormParameters node = this;
    int depth = 0;
    for (String part : name.split("\\.", DEPTH_MAX + 1)) {
      depth++;
      if (depth > DEPTH_MAX) {
        throw new MalformedRequest("a parameter's name has more than " + DEPTH_MAX + " parts");
      }
      node = node.children.computeIfAbsent(part, _ -> new FormParameters());
    }
    node.value = equals < 0 ? "" : decode(pair.substring(equals + 1));
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new MalformedRequest("a parameter is not percent-encoded");
    }
  }

  /** The text of the parameter itself, if it has one. */
  Optional<String> text() {
    return Optional.ofNullable(value);
  }

  /** The text of a top parameter, such as {@code Action}; empty if it is absent. */
  public String text(String name) {
    return child(name).flatMap(FormParameters::text).orElse("");
  }

  Optional<FormParameters> child(String name) {
    return Optional.ofNullable(children.get(name));
  }

  /** Children named by numbers, in the numbers' order: 10 comes after 9. */
  List<FormParameters> numbered() {
    record Numbered(int number, FormParameters node) {}
    var numbered = new ArrayList<Numbered>();
    children.forEach(
        (name, node) -> {
          if (name.matches("[0-9]{1,9}")) {
            numbered.add(new Numbered(Integer.parseInt(name), node));
          }
        });
    return numbered.stream()
        .sorted(Comparator.comparingInt(Numbered::number))
        .map(Numbered::node)
        .toList();
  }
}
