package dev.berth.model.network;

import java.util.List;
import java.util.Optional;

/**
 * A task's network interface as its host is told to make it.
 *
 * @param macAddress six pairs of hexadecimal digits with colons
 * @param ipv6Address in a subnet with an IPv6 range
 * @param publicAddress where the task has one: on the internet gateway's side it stands for the
 *     private address
 * @param groups at least one, in {@link VpcPlan#groups()} of its VPC
 * @param privateDnsName such as {@code ip-172-31-0-5.eu-west-1.compute.internal}: its hostname
 */
public record EniSpec(
    EniId id,
    VpcId vpc,
    SubnetId subnet,
    String macAddress,
    IpAddress privateAddress,
    Optional<IpAddress> ipv6Address,
    Optional<IpAddress> publicAddress,
    List<SecurityGroupId> groups,
    String privateDnsName) {
  public EniSpec {
    groups = List.copyOf(groups);
  }

  public EniSpec withGroups(List<SecurityGroupId> newGroups) {
    return new EniSpec(
        id,
        vpc,
        subnet,
        macAddress,
        privateAddress,
        ipv6Address,
        publicAddress,
        newGroups,
        privateDnsName);
  }
}
