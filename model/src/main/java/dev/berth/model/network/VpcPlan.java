package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.List;

/**
 * A whole VPC as a host is told of it. A newer plan replaces an older one in one step, for running
 * tasks too.
 *
 * @param version grows with every change: an older plan never replaces a newer one
 * @param cidrs its ranges, IPv6 too; those of two VPCs may be equal
 * @param dnsSupport whether the VPC's resolver answers
 * @param dnsHostnames whether public names are given out
 * @param names what the resolver answers besides the names of the interfaces
 */
public record VpcPlan(
    VpcId id,
    Realm realm,
    long version,
    List<Cidr> cidrs,
    boolean dnsSupport,
    boolean dnsHostnames,
    List<SubnetPlan> subnets,
    List<SecurityGroupPlan> groups,
    List<DnsName> names) {
  public VpcPlan {
    cidrs = List.copyOf(cidrs);
    subnets = List.copyOf(subnets);
    groups = List.copyOf(groups);
    names = List.copyOf(names);
  }

  /** The plan once interfaces have come and left; to apply a change twice changes no more. */
  public VpcPlan after(MemberChange change) {
    List<SecurityGroupPlan> now = groups.stream().map(group -> group.after(change)).toList();
    return new VpcPlan(
        id, realm, change.version(), cidrs, dnsSupport, dnsHostnames, subnets, now, names);
  }

  /**
   * A name and its addresses, such as an interface's own.
   *
   * @param name absolute, without the last dot
   */
  public record DnsName(String name, List<IpAddress> addresses) {
    public DnsName {
      addresses = List.copyOf(addresses);
    }
  }
}
