package dev.berth.api.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages of a list in which each has a text of its own that tells where it stands. */
final class NamePages {
  /** AWS's, where a request names none. */
  static final int LIMIT = 50;

  private NamePages() {}

  /** One page, and the token of the next. */
  record Page<T>(List<T> items, Optional<String> nextToken) {}

  /**
   * The page after the one that the token stands for.
   *
   * @param items in the order of their keys
   */
  static <T> Page<T> of(
      List<T> items, Function<T, String> key, @Nullable String token, @Nullable Integer limit) {
    int start = 0;
    if (token != null) {
      String last = decoded(token);
      while (start < items.size() && !key.apply(items.get(start)).equals(last)) {
        start++;
      }
      start++;
      if (start > items.size()) {
        throw LogsErrors.invalid("The specified nextToken is invalid.");
      }
    }
    int end = Math.min(items.size(), start + (limit == null ? LIMIT : limit));
    var page = items.subList(start, end);
    return new Page<>(
        page,
        end < items.size()
            ? Optional.of(encoded(key.apply(items.get(end - 1))))
            : Optional.empty());
  }

  private static String encoded(String key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(UTF_8));
  }

  private static String decoded(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), UTF_8);
    } catch (IllegalArgumentException e) {
      throw LogsErrors.invalid("The specified nextToken is invalid.");
    }
  }
}
