package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.Optional;

/**
 * A part of a VPC in one zone.
 *
 * @param zone the availability zone's letter
 * @param defaultForZone whether what names a zone and no subnet lives in it
 * @param mapPublicIp whether an instance gets a public address; tasks say that for themselves
 * @param assignIpv6 whether an interface gets an IPv6 address, where the subnet has a range
 */
public record Subnet(
    SubnetId id,
    Realm realm,
    VpcId vpc,
    Cidr cidr,
    Optional<Cidr> ipv6Cidr,
    String zone,
    boolean defaultForZone,
    boolean mapPublicIp,
    boolean assignIpv6)
    implements RealmResource {

  /** The zone's name, such as {@code eu-west-1a}. */
  public String zoneName() {
    return realm.region() + zone;
  }

  public Subnet withAttributes(boolean publicIp, boolean ipv6) {
    return new Subnet(id, realm, vpc, cidr, ipv6Cidr, zone, defaultForZone, publicIp, ipv6);
  }
}
