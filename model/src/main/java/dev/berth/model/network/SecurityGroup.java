package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.List;
import java.util.Optional;

/**
 * A security group as it is declared.
 *
 * @param name unique in its VPC
 */
public record SecurityGroup(
    SecurityGroupId id, Realm realm, VpcId vpc, String name, String description, List<Rule> rules)
    implements RealmResource {
  /** The name of the group that every VPC has. */
  public static final String DEFAULT_NAME = "default";

  public SecurityGroup {
    rules = List.copyOf(rules);
  }

  public boolean isDefault() {
    return name.equals(DEFAULT_NAME);
  }

  public SecurityGroup withRules(List<Rule> newRules) {
    return new SecurityGroup(id, realm, vpc, name, description, newRules);
  }

  /** One rule with an id of its own. */
  public record Rule(
      SecurityGroupRuleId id, boolean egress, Traffic traffic, Optional<String> description) {

    public Rule described(Optional<String> newDescription) {
      return new Rule(id, egress, traffic, newDescription);
    }
  }

  /**
   * What a rule lets through; no two rules of a group and direction have the same.
   *
   * @param protocol IANA's number, or -1 for every protocol
   * @param from first port, or ICMP's type; -1 means all
   * @param to last port, or ICMP's code; -1 means all
   */
  public record Traffic(int protocol, int from, int to, Peer peer) {
    /** Every protocol, port and type. */
    public static Traffic all(Peer peer) {
      return new Traffic(SecurityGroupPlan.EVERY_PROTOCOL, -1, -1, peer);
    }
  }

  /** The other end, as it is declared. */
  public sealed interface Peer {
    record Range(Cidr cidr) implements Peer {}

    record Group(SecurityGroupId group) implements Peer {}

    record Prefixes(PrefixListId list) implements Peer {}
  }
}
