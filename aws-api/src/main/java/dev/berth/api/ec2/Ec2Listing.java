package dev.berth.api.ec2;

import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * How one kind of resource is listed: by ids, by filters, in pages.
 *
 * <p>A filter's values may have {@code *} and {@code ?}. Of several filters each must hold, of its
 * values one. Every resource can be filtered by its tags.
 */
final class Ec2Listing<T> {
  private static final int PAGE_SIZE_MAX = 1000;

  private final NetworkError missing;
  private final Function<T, String> id;
  private final Map<String, Function<T, Stream<String>>> filters = new LinkedHashMap<>();
  private String sentence;

  /** What a client asks a listing for. */
  record Request(
      List<String> ids,
      List<Filter> filters,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  /**
   * @param noun as EC2's message calls it: {@code The vpc ID 'vpc-…' does not exist}
   * @param missing EC2's error for an id that is not there
   */
  Ec2Listing(String noun, NetworkError missing, Function<T, String> id) {
    this.sentence = "The " + noun + " ID '%s' does not exist";
    this.missing = missing;
    this.id = id;
  }

  /** Says in other words that an id, in the place of {@code %s}, is not there. */
  Ec2Listing<T> saying(String other) {
    sentence = other;
    return this;
  }

  /** Adds a filter of one value. */
  Ec2Listing<T> on(String name, Function<T, Object> value) {
    return onAny(name, item -> Stream.of(value.apply(item).toString()));
  }

  /** Adds a filter that looks at several values, or none, of which one must match. */
  Ec2Listing<T> onAny(String name, Function<T, Stream<String>> values) {
    filters.put(name, values);
    return this;
  }

  /**
   * The page that is asked for, by id.
   *
   * @throws NetworkRefused if an id is unknown or a filter is none of this resource's
   */
  Page<T> page(NetworkView view, Stream<T> all, Request request) throws NetworkRefused, Refused {
    List<T> items = all.toList();
    checkIds(items, request.ids());
    Stream<T> found =
        items.stream()
            .filter(item -> request.ids().isEmpty() || request.ids().contains(id.apply(item)));
    for (Filter filter : request.filters()) {
      Function<T, Stream<String>> values = values(view, filter);
      List<Pattern> wanted = filter.values().stream().map(Ec2Listing::pattern).toList();
      found =
          found.filter(
              item ->
                  values
                      .apply(item)
                      .anyMatch(
                          value -> wanted.stream().anyMatch(it -> it.matcher(value).matches())));
    }
    return Page.of(
        found,
        id,
        Page.Request.of(
            request.maxResults() == null
                ? OptionalInt.empty()
                : OptionalInt.of(Math.min(request.maxResults(), PAGE_SIZE_MAX)),
            Optional.ofNullable(request.nextToken()).filter(token -> !token.isEmpty())),
        PAGE_SIZE_MAX);
  }

  private void checkIds(List<T> items, List<String> ids) throws NetworkRefused {
    for (String wanted : ids) {
      if (items.stream().noneMatch(item -> id.apply(item).equals(wanted))) {
        throw new NetworkRefused(missing, sentence.formatted(wanted));
      }
    }
  }

  private Function<T, Stream<String>> values(NetworkView view, Filter filter)
      throws NetworkRefused {
    String name = String.valueOf(filter.name());
    if (name.startsWith("tag:")) {
      String key = name.substring("tag:".length());
      return item -> Optional.ofNullable(view.tags(id.apply(item)).get(key)).stream();
    }
    return switch (name) {
      case "tag-key" -> item -> view.tags(id.apply(item)).keySet().stream();
      case "tag-value" -> item -> view.tags(id.apply(item)).values().stream();
      default -> known(name);
    };
  }

  private Function<T, Stream<String>> known(String name) throws NetworkRefused {
    Function<T, Stream<String>> known = filters.get(name);
    if (known == null) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE, "The filter '" + name + "' is invalid");
    }
    return known;
  }

  private static Pattern pattern(String value) {
    return Pattern.compile(
        value
            .codePoints()
            .mapToObj(
                c ->
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    })
            .collect(Collectors.joining()),
        Pattern.DOTALL);
  }
}
