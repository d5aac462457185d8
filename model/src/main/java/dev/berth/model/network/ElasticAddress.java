package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.Optional;

/**
 * A public address that an account keeps.
 *
 * @param use what it stands for now
 */
public record ElasticAddress(AllocationId id, Realm realm, IpAddress address, Optional<Use> use)
    implements RealmResource {

  public ElasticAddress withUse(Optional<Use> newUse) {
    return new ElasticAddress(id, realm, address, newUse);
  }

  /**
   * An interface behind the address.
   *
   * @param associationId such as {@code eipassoc-0123456789abcdef0}
   */
  public record Use(String associationId, EniId eni, IpAddress privateAddress) {}
}
