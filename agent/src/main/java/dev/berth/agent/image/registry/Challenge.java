package dev.berth.agent.image.registry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a registry wants to see before it answers (RFC 9110, WWW-Authenticate). */
sealed interface Challenge {
  /** The user name and password themselves. */
  record Basic() implements Challenge {}

  /** A token from a realm. */
  record Bearer(String realm, Optional<String> service, Optional<String> scope)
      implements Challenge {}

  int HEADER_LENGTH_MAX = 8192;
  Pattern PARAMETER = Pattern.compile("([a-zA-Z]+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]+))");

  /** The strongest challenge understood; empty if there is none. */
  static Optional<Challenge> parse(List<String> headers) {
    Optional<Challenge> basic = Optional.empty();
    for (String header : headers) {
      String lower = header.toLowerCase(Locale.ROOT).strip();
      if (header.length() > HEADER_LENGTH_MAX) {
        continue;
      }
      if (lower.startsWith("bearer ")) {
        Optional<Challenge> bearer = bearer(header);
        if (bearer.isPresent()) {
          return bearer;
        }
      } else if (lower.startsWith("basic")) {
        basic = Optional.of(new Basic());
      }
    }
    return basic;
  }

  private static Optional<Challenge> bearer(String header) {
    Optional<String> realm = Optional.empty();
    Optional<String> service = Optional.empty();
    Optional<String> scope = Optional.empty();
    Matcher matcher = PARAMETER.matcher(header);
    while (matcher.find()) {
      String quoted = matcher.group(2);
      Optional<String> value = Optional.of(quoted == null ? matcher.group(3) : quoted);
      switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
        case "realm" -> realm = value;
        case "service" -> service = value;
        case "scope" -> scope = value;
        default -> {
          // Others, such as error, do not change what is asked for.
        }
      }
    }
    if (realm.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Bearer(realm.get(), service, scope));
  }
}
