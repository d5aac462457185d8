package dev.berth.agent.network;

import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SecurityGroupPlan.Peer;
import dev.berth.model.network.SecurityGroupPlan.Rule;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * AWS's semantics of security groups, written down without any thought of packet filters: a new
 * connection passes if a rule of any of the sender's groups lets it out and a rule of any of the
 * receiver's lets it in.
 */
final class GroupModel {
  private final Map<SecurityGroupId, SecurityGroupPlan> groups;
  private final Map<IpAddress, List<SecurityGroupId>> memberships;

  GroupModel(
      Map<SecurityGroupId, SecurityGroupPlan> groups,
      Map<IpAddress, List<SecurityGroupId>> memberships) {
    this.groups = groups;
    this.memberships = memberships;
  }

  boolean passes(IpAddress from, IpAddress to, int protocol, int port) {
    return of(from).stream()
            .flatMap(group -> plan(group).egress().stream())
            .anyMatch(rule -> allows(rule, to, protocol, port))
        && of(to).stream()
            .flatMap(group -> plan(group).ingress().stream())
            .anyMatch(rule -> allows(rule, from, protocol, port));
  }

  private boolean allows(Rule rule, IpAddress peer, int protocol, int port) {
    boolean protocolFits =
        rule.protocol() == SecurityGroupPlan.EVERY_PROTOCOL || rule.protocol() == protocol;
    boolean portFits =
        rule.protocol() == SecurityGroupPlan.EVERY_PROTOCOL
            || rule.ports().map(ports -> ports.from() <= port && port <= ports.to()).orElse(true);
    boolean peerFits =
        switch (rule.peer()) {
          case Peer.Range(var cidr) -> cidr.contains(peer);
          case Peer.Group(var group) -> of(peer).contains(group);
        };
    return protocolFits && portFits && peerFits;
  }

  private List<SecurityGroupId> of(IpAddress address) {
    return Objects.requireNonNull(memberships.get(address));
  }

  private SecurityGroupPlan plan(SecurityGroupId group) {
    return Objects.requireNonNull(groups.get(group));
  }
}
