package dev.berth.agent.image.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.agent.image.manifest.ImageDocuments;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends one request with authentication and redirects, and remembers tokens. Safe for many threads.
 */
final class RegistryConnection {
  private static final int REDIRECT_COUNT_MAX = 5;
  private static final int TOKEN_COUNT_MAX = 256;
  private static final int TOKEN_ANSWER_BYTES_MAX = 1 << 20;
  private static final int TOKEN_LENGTH_MAX = 64 * 1024;
  private static final Duration TOKEN_LIFE_STANDARD = Duration.ofSeconds(60);
  private static final Duration TOKEN_LIFE_MAX = Duration.ofHours(1);

  /** A token is not used when it might end on its way. */
  private static final Duration TOKEN_MARGIN = Duration.ofSeconds(5);

  private final RegistrySettings settings;
  private final InstantSource clock;
  private final Map<Access, Authorization> authorizations = new LinkedHashMap<>();

  RegistryConnection(RegistrySettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Who wants what of which registry: the key of a token. */
  record Access(Endpoint endpoint, String repository, RegistryCredentials credentials) {}

  private record Authorization(String header, Instant expiresAt) {}

  /**
   * Sends a request below {@code /v2/<repository>/}. The answer may have any status but a redirect.
   *
   * @param path such as {@code manifests/latest}
   */
  HttpExchange send(String method, Access access, String path, Map<String, String> headers)
      throws IOException {
    URI target = access.endpoint().base().resolve("/v2/" + access.repository() + "/" + path);
    Optional<String> known = known(access);
    HttpExchange answer = follow(method, access.endpoint(), target, headers, known);
    if (answer.status() != 401) {
      return answer;
    }
    Optional<Challenge> challenge = Challenge.parse(answer.headers("WWW-Authenticate"));
    answer.abandon();
    Optional<Authorization> fresh =
        challenge.isEmpty() ? Optional.empty() : authorize(access, challenge.get());
    if (fresh.isEmpty()) {
      throw new ImageException(
          new ImageFailure.Unauthorized(access.endpoint().host() + "/" + access.repository()));
    }
    remember(access, fresh.get());
    return follow(method, access.endpoint(), target, headers, Optional.of(fresh.get().header()));
  }

  private HttpExchange follow(
      String method,
      Endpoint endpoint,
      URI start,
      Map<String, String> headers,
      Optional<String> authorization)
      throws IOException {
    URI target = start;
    for (int redirects = 0; redirects <= REDIRECT_COUNT_MAX; redirects++) {
      endpoint.check(target);
      Map<String, String> sent = new HashMap<>(headers);
      if (authorization.isPresent() && endpoint.isOwn(target)) {
        sent.put("Authorization", authorization.get());
      }
      HttpExchange answer = HttpExchange.send(method, target, sent, settings);
      boolean redirected =
          switch (answer.status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
          };
      if (!redirected) {
        return answer;
      }
      String location = answer.header("Location").orElse("");
      answer.abandon();
      try {
        target = target.resolve(location);
      } catch (IllegalArgumentException e) {
        throw new ImageException(
            new ImageFailure.ForbiddenTarget("a redirect", "it is no address"), e);
      }
    }
    throw new ImageException(
        new ImageFailure.ForbiddenTarget(
            String.valueOf(target.getHost()), "there were too many redirects"));
  }

  private Optional<Authorization> authorize(Access access, Challenge challenge) throws IOException {
    return switch (challenge) {
      case Challenge.Basic() ->
          basic(access.credentials()).map(header -> new Authorization(header, Instant.MAX));
      case Challenge.Bearer bearer -> token(access, bearer);
    };
  }

  private static Optional<String> basic(RegistryCredentials credentials) {
    return switch (credentials) {
      case RegistryCredentials.Anonymous() -> Optional.empty();
      case RegistryCredentials.Password(String username, String password) -> {
        byte[] both = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        yield Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
      }
    };
  }

  /** Asks a realm for a token. It is asked once and directly: a realm has no reason to redirect. */
  private Optional<Authorization> token(Access access, Challenge.Bearer bearer) throws IOException {
    String scope = bearer.scope().orElse("repository:" + access.repository() + ":pull");
    String query =
        "scope="
            + encoded(scope)
            + bearer.service().map(name -> "&service=" + encoded(name)).orElse("");
    URI realm;
    try {
      realm = URI.create(bearer.realm() + (bearer.realm().indexOf('?') < 0 ? "?" : "&") + query);
    } catch (IllegalArgumentException e) {
      throw new ImageException(
          new ImageFailure.ForbiddenTarget("a token realm", "it is no address"), e);
    }
    access.endpoint().check(realm);
    Map<String, String> headers =
        basic(access.credentials()).map(header -> Map.of("Authorization", header)).orElse(Map.of());
    HttpExchange answer = HttpExchange.send("GET", realm, headers, settings);
    if (answer.status() != 200) {
      int status = answer.status();
      answer.abandon();
      if (status >= 500 || status == 429) {
        throw new IOException("the token realm answered " + status);
      }
      return Optional.empty();
    }
    byte[] body;
    try (InputStream in = answer.body()) {
      body = in.readNBytes(TOKEN_ANSWER_BYTES_MAX);
    }
    return authorization(ImageDocuments.json(body, "token of " + access.endpoint().host()));
  }

  private Optional<Authorization> authorization(JsonNode answer) {
    String token = answer.path("token").asText(answer.path("access_token").asText(""));
    boolean usable =
        !token.isEmpty()
            && token.length() <= TOKEN_LENGTH_MAX
            && token.chars().allMatch(c -> c > ' ' && c < 127);
    if (!usable) {
      return Optional.empty();
    }
    long seconds = answer.path("expires_in").asLong(TOKEN_LIFE_STANDARD.toSeconds());
    long bounded = Math.clamp(seconds, 0, TOKEN_LIFE_MAX.toSeconds());
    return Optional.of(
        new Authorization(
            "Bearer " + token, clock.instant().plusSeconds(bounded).minus(TOKEN_MARGIN)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private synchronized Optional<String> known(Access access) {
    Authorization known = authorizations.get(access);
    if (known != null && !clock.instant().isBefore(known.expiresAt())) {
      authorizations.remove(access);
      return Optional.empty();
    }
    return Optional.ofNullable(known).map(Authorization::header);
  }

  private synchronized void remember(Access access, Authorization authorization) {
    authorizations.put(access, authorization);
    if (authorizations.size() > TOKEN_COUNT_MAX) {
      var eldest = authorizations.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
