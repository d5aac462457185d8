package dev.berth.control.command.vpc;

import dev.berth.control.state.Draft;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroup.Rule;
import dev.berth.model.network.SecurityGroup.Traffic;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Vpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Security groups and their rules. */
public final class SecurityGroupCommands {
  /** In one direction: AWS's own quota, of those that nobody has raised. */
  private static final int RULE_COUNT_MAX = 60;

  private final Networks networks;

  public SecurityGroupCommands(Networks networks) {
    this.networks = networks;
  }

  /** A rule as it is declared, without an id. */
  public record RuleWish(Traffic traffic, Optional<String> description) {}

  /**
   * Makes a group that lets nothing in and everything out.
   *
   * @param vpcId the default VPC when absent
   */
  public SecurityGroup create(
      Realm realm,
      Optional<String> vpcId,
      String name,
      String description,
      Map<String, String> tags)
      throws NetworkRefused {
    checkName(name);
    return networks.decide(
        realm,
        draft -> {
          Vpc vpc = vpc(draft.state(), realm, vpcId);
          boolean isTaken =
              draft.state().all(NetworkKind.SECURITY_GROUP).stream()
                  .anyMatch(it -> it.vpc().equals(vpc.id()) && it.name().equals(name));
          if (isTaken) {
            throw new NetworkRefused(
                NetworkError.GROUP_DUPLICATE,
                "The security group '%s' already exists for VPC '%s'".formatted(name, vpc.id()));
          }
          var rules = new ArrayList<>(List.of(networks.standard().everythingOut()));
          if (vpc.ipv6Cidr().isPresent()) {
            rules.add(networks.standard().everythingOutIpv6());
          }
          var group =
              new SecurityGroup(
                  networks.ids().securityGroup(), realm, vpc.id(), name, description, rules);
          draft.put(NetworkKind.SECURITY_GROUP, group);
          Networks.tag(draft, realm, group.id().value(), tags);
          return group;
        });
  }

  private static void checkName(String name) throws NetworkRefused {
    if (name.equals(SecurityGroup.DEFAULT_NAME)) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE, "Cannot use reserved security group name: default");
    }
    if (name.isEmpty() || name.length() > 255 || name.startsWith("sg-")) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "Invalid value '%s' for groupName: 1 to 255 characters that do not start with sg-."
              .formatted(name));
    }
  }

  private static Vpc vpc(State state, Realm realm, Optional<String> id) throws NetworkRefused {
    if (id.isPresent()) {
      return new Lookup(state, realm).vpc(id.get());
    }
    return state.all(NetworkKind.VPC).stream()
        .filter(it -> it.realm().equals(realm) && it.isDefault())
        .findFirst()
        .orElseThrow(
            () ->
                new NetworkRefused(
                    NetworkError.MISSING_PARAMETER,
                    "The request must contain the parameter VpcId: there is no default VPC."));
  }

  /** Removes a group that no interface is in and no other group's rule names. */
  public SecurityGroup delete(Realm realm, String id) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          SecurityGroup group = new Lookup(draft.state(), realm).group(id);
          if (group.isDefault()) {
            throw new NetworkRefused(
                NetworkError.CANNOT_DELETE,
                "the specified group: \"%s\" name: \"default\" cannot be deleted by a user"
                    .formatted(id));
          }
          if (draft.state().networks().useCount(group.id()) > 0
              || isReferenced(draft.state(), group.id())) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "resource %s has a dependent object".formatted(id));
          }
          group.rules().forEach(rule -> Networks.untag(draft, rule.id().value()));
          draft.remove(NetworkKind.SECURITY_GROUP, group.id());
          Networks.untag(draft, id);
          return group;
        });
  }

  private static boolean isReferenced(State state, SecurityGroupId id) {
    // One without a subnet has groups and no interface yet.
    boolean byEndpoint =
        state.all(NetworkKind.VPC_ENDPOINT).stream().anyMatch(it -> it.groups().contains(id));
    return byEndpoint || isNamed(state, id);
  }

  private static boolean isNamed(State state, SecurityGroupId id) {
    return state.all(NetworkKind.SECURITY_GROUP).stream()
        .filter(other -> !other.id().equals(id))
        .flatMap(other -> other.rules().stream())
        .anyMatch(rule -> rule.traffic().peer().equals(new SecurityGroup.Peer.Group(id)));
  }

  /** Adds rules, none of which the group has already. */
  public List<Rule> authorize(
      Realm realm, String id, boolean egress, List<RuleWish> wishes, Map<String, String> tags)
      throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          SecurityGroup group = new Lookup(draft.state(), realm).group(id);
          var rules = new ArrayList<>(group.rules());
          var added = new ArrayList<Rule>();
          for (RuleWish wish : wishes) {
            checkPeer(draft.state(), group, wish.traffic());
            if (has(rules, egress, wish.traffic())) {
              throw duplicate(wish.traffic());
            }
            var rule =
                new Rule(
                    networks.ids().securityGroupRule(), egress, wish.traffic(), wish.description());
            rules.add(rule);
            added.add(rule);
            Networks.tag(draft, realm, rule.id().value(), tags);
          }
          if (rules.stream().filter(rule -> rule.egress() == egress).count() > RULE_COUNT_MAX) {
            throw new NetworkRefused(
                NetworkError.RULE_LIMIT,
                "The maximum number of rules per security group has been reached.");
          }
          draft.put(NetworkKind.SECURITY_GROUP, group.withRules(rules));
          return List.copyOf(added);
        });
  }

  private static void checkPeer(State state, SecurityGroup group, Traffic traffic)
      throws NetworkRefused {
    switch (traffic.peer()) {
      case SecurityGroup.Peer.Range _ -> {}
      case SecurityGroup.Peer.Group(var other) -> {
        SecurityGroup found = new Lookup(state, group.realm()).group(other.value());
        if (!found.vpc().equals(group.vpc())) {
          throw new NetworkRefused(
              NetworkError.GROUP_NOT_FOUND,
              "You have specified two resources that belong to different networks.");
        }
      }
      case SecurityGroup.Peer.Prefixes(var list) ->
          new Lookup(state, group.realm()).prefixList(list.value());
    }
  }

  private static boolean has(List<Rule> rules, boolean egress, Traffic traffic) {
    return rules.stream()
        .anyMatch(rule -> rule.egress() == egress && rule.traffic().equals(traffic));
  }

  private static NetworkRefused duplicate(Traffic traffic) {
    String peer =
        switch (traffic.peer()) {
          case SecurityGroup.Peer.Range(var cidr) -> cidr.toString();
          case SecurityGroup.Peer.Group(var id) -> id.value();
          case SecurityGroup.Peer.Prefixes(var id) -> id.value();
        };
    return new NetworkRefused(
        NetworkError.PERMISSION_DUPLICATE,
        "the specified rule \"peer: %s, protocol: %d, from port: %d, to port: %d, ALLOW\" already exists"
            .formatted(peer, traffic.protocol(), traffic.from(), traffic.to()));
  }

  /** Removes the rules that let exactly this through. */
  public void revoke(Realm realm, String id, boolean egress, List<Traffic> traffic)
      throws NetworkRefused {
    change(
        realm,
        id,
        (draft, group) -> {
          var rest = new ArrayList<>(group.rules());
          for (Traffic each : traffic) {
            Rule rule = find(rest, egress, each);
            rest.remove(rule);
            Networks.untag(draft, rule.id().value());
          }
          return rest;
        });
  }

  /** Removes rules by their ids. */
  public void revokeById(Realm realm, String id, boolean egress, List<String> ruleIds)
      throws NetworkRefused {
    change(
        realm,
        id,
        (draft, group) -> {
          var rest = new ArrayList<>(group.rules());
          for (String ruleId : ruleIds) {
            rest.remove(byId(rest, egress, ruleId));
            Networks.untag(draft, ruleId);
          }
          return rest;
        });
  }

  /** Gives rules, by their ids, something else to let through. */
  public void modify(Realm realm, String id, Map<String, RuleWish> byRuleId) throws NetworkRefused {
    change(
        realm,
        id,
        (draft, group) -> {
          var rules = new ArrayList<>(group.rules());
          for (var each : byRuleId.entrySet()) {
            Rule before =
                rules.stream()
                    .filter(rule -> rule.id().value().equals(each.getKey()))
                    .findFirst()
                    .orElseThrow(() -> noRule(each.getKey()));
            Traffic traffic = each.getValue().traffic();
            checkPeer(draft.state(), group, traffic);
            if (!before.traffic().equals(traffic) && has(rules, before.egress(), traffic)) {
              throw duplicate(traffic);
            }
            rules.set(
                rules.indexOf(before),
                new Rule(before.id(), before.egress(), traffic, each.getValue().description()));
          }
          return rules;
        });
  }

  /** Gives the rules that let exactly this through other descriptions. */
  public void describe(Realm realm, String id, boolean egress, List<RuleWish> wishes)
      throws NetworkRefused {
    change(
        realm,
        id,
        (_, group) -> {
          var rules = new ArrayList<>(group.rules());
          for (RuleWish wish : wishes) {
            Rule rule = find(rules, egress, wish.traffic());
            rules.set(rules.indexOf(rule), rule.described(wish.description()));
          }
          return rules;
        });
  }

  @FunctionalInterface
  private interface Change {
    List<Rule> on(Draft draft, SecurityGroup group) throws NetworkRefused;
  }

  private void change(Realm realm, String id, Change change) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          SecurityGroup group = new Lookup(draft.state(), realm).group(id);
          SecurityGroup changed = group.withRules(change.on(draft, group));
          draft.put(NetworkKind.SECURITY_GROUP, changed);
          return changed;
        });
  }

  private static Rule find(List<Rule> rules, boolean egress, Traffic traffic)
      throws NetworkRefused {
    return rules.stream()
        .filter(rule -> rule.egress() == egress && rule.traffic().equals(traffic))
        .findFirst()
        .orElseThrow(
            () ->
                new NetworkRefused(
                    NetworkError.PERMISSION_NOT_FOUND,
                    "The specified rule does not exist in this security group."));
  }

  private static Rule byId(List<Rule> rules, boolean egress, String id) throws NetworkRefused {
    return rules.stream()
        .filter(rule -> rule.egress() == egress && rule.id().value().equals(id))
        .findFirst()
        .orElseThrow(() -> noRule(id));
  }

  private static NetworkRefused noRule(String id) {
    return new NetworkRefused(
        NetworkError.GROUP_RULE_NOT_FOUND,
        "The security group rule ID '%s' does not exist".formatted(id));
  }
}
