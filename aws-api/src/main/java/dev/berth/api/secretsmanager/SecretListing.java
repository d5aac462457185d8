package dev.berth.api.secretsmanager;

import dev.berth.model.secret.Secret;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import software.amazon.awssdk.services.secretsmanager.model.Filter;

/** Which secrets a listing's filters mean: all filters must suit, of each one value. */
final class SecretListing {
  private static final String NOT = "!";

  private SecretListing() {}

  static boolean suits(Secret secret, List<Filter> filters) {
    return filters.stream()
        .allMatch(
            filter -> filter.values().stream().anyMatch(value -> suits(secret, filter, value)));
  }

  private static boolean suits(Secret secret, Filter filter, String value) {
    return value.startsWith(NOT)
        ? !has(secret, filter, value.substring(NOT.length()))
        : has(secret, filter, value);
  }

  private static boolean has(Secret secret, Filter filter, String value) {
    return switch (String.valueOf(filter.keyAsString())) {
      case "name" -> secret.id().name().startsWith(value);
      case "description" -> words(secret.description().orElse(""), value);
      case "tag-key" -> secret.tags().keySet().stream().anyMatch(key -> key.startsWith(value));
      case "tag-value" -> secret.tags().values().stream().anyMatch(it -> it.startsWith(value));
      case "all" -> all(secret).anyMatch(text -> words(text, value));
      default -> false; // No secret here has a primary region or belongs to a service.
    };
  }

  private static Stream<String> all(Secret secret) {
    return Stream.of(
            Stream.of(secret.id().name(), secret.description().orElse("")),
            secret.tags().keySet().stream(),
            secret.tags().values().stream())
        .flatMap(texts -> texts);
  }

  /** Whether a word of the text begins so, in large letters or small. */
  private static boolean words(String text, String value) {
    String wanted = value.toLowerCase(Locale.ROOT);
    return Stream.concat(Stream.of(text), Stream.of(text.split("[ /_+=.@-]", -1)))
        .anyMatch(word -> word.toLowerCase(Locale.ROOT).startsWith(wanted));
  }
}
