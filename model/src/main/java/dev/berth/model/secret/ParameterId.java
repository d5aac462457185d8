package dev.berth.model.secret;

import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;

/** A parameter's name in its realm: a path from the root, or a bare word. */
public record ParameterId(Realm realm, String name) {
  public Arn arn() {
    return realm.arn("ssm", "parameter" + (name.startsWith("/") ? "" : "/") + name);
  }

  @Override
  public String toString() {
    return realm + "/" + name;
  }
}
