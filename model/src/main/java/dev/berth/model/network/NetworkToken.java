package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.time.Instant;

/**
 * What a client's token was used for, so that a repeated call makes nothing twice.
 *
 * @param fingerprint of the request: another request must not use the token again
 * @param resource the id of what was made
 */
public record NetworkToken(Id id, String fingerprint, String resource, Instant usedAt)
    implements RealmResource {
  @Override
  public Realm realm() {
    return id.realm();
  }

  /** A token and the operation that it is for. */
  public record Id(Realm realm, String operation, String token) {}
}
