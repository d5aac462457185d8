package dev.berth.agent.network.rules;

import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SecurityGroupPlan.Peer;
import dev.berth.model.network.SecurityGroupPlan.Rule;
import java.util.ArrayList;
import java.util.List;

/** A security group's rules as nftables has them: each accepts, and what none accepts goes on. */
final class GroupRules {
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  /** EC2's word for all codes of a type. */
  private static final int EVERY_CODE = -1;

  /** Which end of a packet the other side of a connection is. */
  enum Direction {
    INGRESS("saddr"),
    EGRESS("daddr");

    private final String peer;

    Direction(String peer) {
      this.peer = peer;
    }
  }

  private enum Family {
    IPV4("ip"),
    IPV6("ip6");

    private final String word;

    Family(String word) {
      this.word = word;
    }
  }

  private GroupRules() {}

  static List<String> of(SecurityGroupPlan group, Direction direction) {
    var texts = new ArrayList<String>();
    var rules =
        switch (direction) {
          case INGRESS -> group.ingress();
          case EGRESS -> group.egress();
        };
    for (var rule : rules) {
      switch (rule.peer()) {
        case Peer.Range(var cidr) -> {
          var family = cidr.network().isIpv4() ? Family.IPV4 : Family.IPV6;
          add(texts, rule, family, direction, cidr.toString());
        }
        case Peer.Group(var other) -> {
          add(texts, rule, Family.IPV4, direction, "@" + members4(other));
          add(texts, rule, Family.IPV6, direction, "@" + members6(other));
        }
      }
    }
    return texts;
  }

  /** The set of a group's IPv4 addresses. */
  static String members4(SecurityGroupId group) {
    return name(group) + "_ipv4";
  }

  static String members6(SecurityGroupId group) {
    return name(group) + "_ipv6";
  }

  static String chain(SecurityGroupId group, Direction direction) {
    return name(group) + (direction == Direction.INGRESS ? "_in" : "_out");
  }

  private static String name(SecurityGroupId group) {
    return group.value().replace('-', '_');
  }

  private static void add(
      List<String> texts, Rule rule, Family family, Direction direction, String peer) {
    if (rule.protocol() == (family == Family.IPV4 ? ICMPV6 : ICMP)) {
      return; // No packet of this family carries it.
    }
    texts.add(
        family.word + " " + direction.peer + " " + peer + " " + what(rule, family) + "accept");
  }

  private static String what(Rule rule, Family family) {
    int protocol = rule.protocol();
    if (protocol == SecurityGroupPlan.EVERY_PROTOCOL) {
      return "";
    }
    if ((protocol == TCP || protocol == UDP) && rule.ports().isPresent()) {
      var ports = rule.ports().get();
      var range = ports.from() == ports.to() ? "" + ports.from() : ports.from() + "-" + ports.to();
      return (protocol == TCP ? "tcp" : "udp") + " dport " + range + " ";
    }
    if ((protocol == ICMP || protocol == ICMPV6) && rule.icmp().isPresent()) {
      var word = family == Family.IPV4 ? "icmp" : "icmpv6";
      var icmp = rule.icmp().get();
      var code = icmp.code() == EVERY_CODE ? "" : word + " code " + icmp.code() + " ";
      return word + " type " + icmp.type() + " " + code;
    }
    return "meta l4proto " + protocol + " ";
  }
}
