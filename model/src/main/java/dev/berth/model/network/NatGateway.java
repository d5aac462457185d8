package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets a private subnet out through one address.
 *
 * @param eni its interface in its own subnet; a public gateway's has a public address
 * @param allocation the elastic address of a public gateway; a private one has none
 * @param deletedAt shown for a while after its end, when it holds nothing any more
 */
public record NatGateway(
    NatGatewayId id,
    Realm realm,
    EniSpec eni,
    Optional<AllocationId> allocation,
    Instant createdAt,
    Optional<Instant> deletedAt)
    implements RealmResource {

  public NatGateway deleted(Instant now) {
    return new NatGateway(id, realm, eni, allocation, createdAt, Optional.of(now));
  }
}
