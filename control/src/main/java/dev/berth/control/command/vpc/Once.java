package dev.berth.control.command.vpc;

import dev.berth.control.state.Draft;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.NetworkToken;
import java.time.Instant;
import java.util.Optional;

/**
 * A client's wish that a call makes nothing twice, however often it is repeated.
 *
 * @param token of the client; without one every call makes something new
 * @param fingerprint of the rest of the request
 */
public record Once(String operation, Optional<String> token, String fingerprint) {
  private static final int TOKEN_LENGTH_MAX = 64;

  /** What the same call made before. */
  Optional<String> madeBefore(Draft draft, Realm realm) throws NetworkRefused {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    if (token.get().length() > TOKEN_LENGTH_MAX) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "clientToken must have at most " + TOKEN_LENGTH_MAX + " characters.");
    }
    Optional<NetworkToken> used = draft.find(NetworkKind.NETWORK_TOKEN, id(realm, token.get()));
    if (used.isPresent() && !used.get().fingerprint().equals(fingerprint)) {
      throw new NetworkRefused(
          NetworkError.IDEMPOTENT_PARAMETER_MISMATCH,
          "The client token was used before with other parameters: " + token.get());
    }
    return used.map(NetworkToken::resource);
  }

  /** Remembers what this call has made. */
  void made(Draft draft, Realm realm, String resource, Instant now) {
    token.ifPresent(
        given ->
            draft.put(
                NetworkKind.NETWORK_TOKEN,
                new NetworkToken(id(realm, given), fingerprint, resource, now)));
  }

  private NetworkToken.Id id(Realm realm, String given) {
    return new NetworkToken.Id(realm, operation, given);
  }
}
