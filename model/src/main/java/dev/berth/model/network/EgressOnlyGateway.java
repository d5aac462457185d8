package dev.berth.model.network;

import dev.berth.model.identity.Realm;

/** The way out of a VPC for IPv6; nothing comes in by it but answers. */
public record EgressOnlyGateway(EgressOnlyGatewayId id, Realm realm, VpcId vpc)
    implements RealmResource {}
