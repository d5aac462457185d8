package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.List;
import java.util.Optional;

/**
 * A whole VPC as a host is told of it. A newer plan replaces an older one in one step, for running
 * tasks too.
 *
 * @param version grows with every change: an older plan never replaces a newer one
 * @param cidrs its ranges, IPv6 too; those of two VPCs may be equal
 * @param dnsSupport whether the VPC's resolver answers
 * @param dnsHostnames whether public names are given out
 * @param names what the resolver answers besides the names of the interfaces
 * @param serviceEndpoints where AWS's API is at addresses of the VPC's own, if it is anywhere
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
    List<DnsName> names,
    Optional<List<Endpoint>> serviceEndpoints) {
  public VpcPlan {
    cidrs = List.copyOf(cidrs);
    subnets = List.copyOf(subnets);
    groups = List.copyOf(groups);
    names = List.copyOf(names);
    serviceEndpoints =
        serviceEndpoints
            .filter(each -> !each.isEmpty())
            .map((List<Endpoint> each) -> List.copyOf(each));
  }

  /** One without endpoints. */
  public VpcPlan(
      VpcId id,
      Realm realm,
      long version,
      List<Cidr> cidrs,
      boolean dnsSupport,
      boolean dnsHostnames,
      List<SubnetPlan> subnets,
      List<SecurityGroupPlan> groups,
      List<DnsName> names) {
    this(
        id,
        realm,
        version,
        cidrs,
        dnsSupport,
        dnsHostnames,
        subnets,
        groups,
        names,
        Optional.empty());
  }

  /** Where AWS's API is at addresses of the VPC's own. */
  public List<Endpoint> endpoints() {
    return serviceEndpoints.orElse(List.of());
  }

  /** The plan once interfaces have come and left; to apply a change twice changes no more. */
  public VpcPlan after(MemberChange change) {
    List<SecurityGroupPlan> now = groups.stream().map(group -> group.after(change)).toList();
    return new VpcPlan(
        id,
        realm,
        change.version(),
        cidrs,
        dnsSupport,
        dnsHostnames,
        subnets,
        now,
        names,
        serviceEndpoints);
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

  /**
   * One endpoint of AWS's API.
   *
   * @param addresses its interfaces' private ones, IPv4; none of them is a task's
   * @param groups of its interfaces: they say who may come in
   */
  public record Endpoint(List<IpAddress> addresses, List<SecurityGroupId> groups) {
    public Endpoint {
      addresses = List.copyOf(addresses);
      groups = List.copyOf(groups);
    }
  }
}
