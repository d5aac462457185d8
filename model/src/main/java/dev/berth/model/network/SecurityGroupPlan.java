package dev.berth.model.network;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * A security group: what may come in and go out of its interfaces. Stateful: answers to what was
 * let through pass.
 *
 * @param members the addresses of all interfaces in it, on every host
 */
public record SecurityGroupPlan(
    SecurityGroupId id, List<Rule> ingress, List<Rule> egress, List<IpAddress> members) {
  /** Every protocol, EC2's {@code -1}. */
  public static final int EVERY_PROTOCOL = -1;

  public SecurityGroupPlan {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
    members = List.copyOf(members);
  }

  /** The group once interfaces of its VPC have come and left. */
  SecurityGroupPlan after(MemberChange change) {
    var now = new LinkedHashSet<>(members);
    change.left().forEach(now::remove);
    for (MemberChange.Member member : change.joined()) {
      if (member.groups().contains(id)) {
        now.addAll(member.addresses());
      }
    }
    return new SecurityGroupPlan(id, ingress, egress, List.copyOf(now));
  }

  /**
   * One thing that is allowed.
   *
   * @param protocol IANA's number, or {@link #EVERY_PROTOCOL}
   * @param ports of TCP and UDP; empty means all
   * @param icmp of ICMP and ICMPv6; empty means all
   * @param peer where packets may come from, or go to
   */
  public record Rule(int protocol, Optional<Ports> ports, Optional<Icmp> icmp, Peer peer) {}

  /** Both ends belong to the range. */
  public record Ports(int from, int to) {}

  /**
   * A type of ICMP.
   *
   * @param code -1 for every code of the type
   */
  public record Icmp(int type, int code) {}

  /** The other end of a connection. */
  public sealed interface Peer {
    /** A range of addresses; control resolves prefix lists to such. */
    record Range(Cidr cidr) implements Peer {}

    /** The members of a group, as they are now. */
    record Group(SecurityGroupId group) implements Peer {}
  }
}
