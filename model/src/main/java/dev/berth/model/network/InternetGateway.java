package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.Optional;

/**
 * The way out of a VPC, and in, for interfaces with public addresses.
 *
 * @param vpc to which it is attached
 */
public record InternetGateway(InternetGatewayId id, Realm realm, Optional<VpcId> vpc)
    implements RealmResource {}
