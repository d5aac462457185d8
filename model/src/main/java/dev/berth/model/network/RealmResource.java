package dev.berth.model.network;

import dev.berth.model.identity.Realm;

/** What belongs to one account in one region, and is seen there alone. */
public interface RealmResource {
  Realm realm();
}
