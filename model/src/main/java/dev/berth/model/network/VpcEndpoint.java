package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An interface endpoint: a service of AWS at addresses of a VPC's own.
 *
 * @param service as its name ends, such as {@code secretsmanager}
 * @param interfaces one in each of its subnets, which are of different zones
 * @param groups of each of its interfaces; at least one
 * @param suffix what makes its names unlike those of any other, beside its id
 * @param privateDns whether the service's usual name means it in its VPC
 * @param policy as it was declared, if it was; only full access can be
 */
public record VpcEndpoint(
    VpcEndpointId id,
    Realm realm,
    VpcId vpc,
    String service,
    List<InSubnet> interfaces,
    List<SecurityGroupId> groups,
    String suffix,
    boolean privateDns,
    Optional<String> policy,
    Instant createdAt)
    implements RealmResource {
  public VpcEndpoint {
    interfaces = List.copyOf(interfaces);
    groups = List.copyOf(groups);
  }

  /**
   * Its interface in one subnet.
   *
   * @param zone the availability zone's name
   */
  public record InSubnet(EniSpec eni, String zone) {}

  /** The service's name, such as {@code com.amazonaws.eu-west-1.secretsmanager}. */
  public String serviceName() {
    return serviceName(realm, service);
  }

  /** The name of a service's endpoints in a realm. */
  public static String serviceName(Realm realm, String service) {
    return "com.amazonaws." + realm.region() + "." + service;
  }

  /** The name by which clients know the service. */
  public String privateName() {
    return privateName(realm, service);
  }

  /** The name by which clients know a service in a realm. */
  public static String privateName(Realm realm, String service) {
    return service + "." + realm.region() + ".amazonaws.com";
  }

  /** The private addresses of all its interfaces. */
  public List<IpAddress> addresses() {
    return interfaces.stream().map(each -> each.eni().privateAddress()).toList();
  }

  /** Its own names: one for all its interfaces, then one for each zone. */
  public List<VpcPlan.DnsName> ownNames() {
    var names = new ArrayList<VpcPlan.DnsName>();
    String domain = "." + service + "." + realm.region() + ".vpce.amazonaws.com";
    String first = id + "-" + suffix;
    names.add(new VpcPlan.DnsName(first + domain, addresses()));
    for (InSubnet each : interfaces) {
      names.add(
          new VpcPlan.DnsName(
              first + "-" + each.zone() + domain, List.of(each.eni().privateAddress())));
    }
    return names;
  }

  public VpcEndpoint withInterfaces(List<InSubnet> newInterfaces) {
    return new VpcEndpoint(
        id, realm, vpc, service, newInterfaces, groups, suffix, privateDns, policy, createdAt);
  }

  /** The endpoint with all its interfaces in these groups. */
  public VpcEndpoint withGroups(List<SecurityGroupId> newGroups) {
    List<InSubnet> moved =
        interfaces.stream()
            .map(each -> new InSubnet(each.eni().withGroups(newGroups), each.zone()))
            .toList();
    return new VpcEndpoint(
        id, realm, vpc, service, moved, newGroups, suffix, privateDns, policy, createdAt);
  }

  public VpcEndpoint withPrivateDns(boolean newPrivateDns) {
    return new VpcEndpoint(
        id, realm, vpc, service, interfaces, groups, suffix, newPrivateDns, policy, createdAt);
  }

  public VpcEndpoint withPolicy(Optional<String> newPolicy) {
    return new VpcEndpoint(
        id, realm, vpc, service, interfaces, groups, suffix, privateDns, newPolicy, createdAt);
  }
}
