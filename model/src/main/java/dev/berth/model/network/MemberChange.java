package dev.berth.model.network;

import java.util.List;

/**
 * Interfaces that came to a VPC or left it, where nothing else of the VPC has changed: what is told
 * instead of a whole {@link VpcPlan} whenever a task comes or goes.
 *
 * @param since the version that it follows: that of the plan or change told before it. A host with
 *     a plan of that version or a newer one below {@code version} applies it; all of it may be
 *     applied twice. One with an older plan has missed something and must connect anew.
 * @param version the VPC's version with it
 * @param left addresses that belong to no interface any more; taken out before the others come in,
 *     since an address may pass from one interface to the next
 */
public record MemberChange(
    VpcId vpc, long since, long version, List<Member> joined, List<IpAddress> left) {
  public MemberChange {
    joined = List.copyOf(joined);
    left = List.copyOf(left);
  }

  /**
   * An interface on any host, the receiver's own among them.
   *
   * @param addresses its private ones: IPv4, and IPv6 where it has one
   * @param groups in whose {@link SecurityGroupPlan#members()} they stand from now on
   */
  public record Member(List<IpAddress> addresses, List<SecurityGroupId> groups) {
    public Member {
      addresses = List.copyOf(addresses);
      groups = List.copyOf(groups);
    }
  }
}
