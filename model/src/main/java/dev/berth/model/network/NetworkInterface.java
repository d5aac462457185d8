package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.time.Instant;

/** An interface that somebody made by itself; those of tasks and gateways are kept with them. */
public record NetworkInterface(
    EniSpec eni, Realm realm, String description, boolean sourceDestCheck, Instant createdAt)
    implements RealmResource {
  public EniId id() {
    return eni.id();
  }
}
