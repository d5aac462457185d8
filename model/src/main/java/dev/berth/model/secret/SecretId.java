package dev.berth.model.secret;

import dev.berth.model.identity.Realm;

/** A secret's name in its realm. */
public record SecretId(Realm realm, String name) {
  @Override
  public String toString() {
    return realm + "/" + name;
  }
}
