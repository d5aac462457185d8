package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.time.Instant;

/** That a realm was given its default VPC, so that a deleted one does not come back by itself. */
public record RealmNetwork(Realm realm, Instant createdAt) implements RealmResource {}
