package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.List;
import java.util.Optional;

/**
 * A virtual network of an account.
 *
 * @param cidrs its IPv4 ranges, the first one for ever
 * @param isDefault whether it is the one that everything without a VPC of its own lives in
 * @param dnsSupport whether its resolver answers
 * @param dnsHostnames whether interfaces with public addresses get public names
 * @param tenancy EC2's name of it, shown again; hosts are shared in any case
 */
public record Vpc(
    VpcId id,
    Realm realm,
    List<Cidr> cidrs,
    Optional<Cidr> ipv6Cidr,
    boolean isDefault,
    boolean dnsSupport,
    boolean dnsHostnames,
    String tenancy)
    implements RealmResource {
  public Vpc {
    cidrs = List.copyOf(cidrs);
  }

  public Vpc withCidrs(List<Cidr> newCidrs, Optional<Cidr> newIpv6Cidr) {
    return new Vpc(id, realm, newCidrs, newIpv6Cidr, isDefault, dnsSupport, dnsHostnames, tenancy);
  }

  public Vpc withDns(boolean support, boolean hostnames) {
    return new Vpc(id, realm, cidrs, ipv6Cidr, isDefault, support, hostnames, tenancy);
  }
}
