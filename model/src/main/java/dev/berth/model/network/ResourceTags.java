package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.Map;

/**
 * The tags of one of EC2's resources.
 *
 * @param resource its id
 */
public record ResourceTags(String resource, Realm realm, Map<String, String> tags)
    implements RealmResource {
  public ResourceTags {
    tags = Map.copyOf(tags);
  }
}
