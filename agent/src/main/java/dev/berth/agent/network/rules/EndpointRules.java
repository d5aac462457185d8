package dev.berth.agent.network.rules;

import static java.util.stream.Collectors.joining;

import dev.berth.agent.network.rules.RuleSet.Chain;
import dev.berth.agent.network.rules.RuleSet.Elements;
import dev.berth.model.network.VpcPlan;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How tasks reach AWS's API at a VPC's own addresses: the destination is translated to where the
 * router listens.
 *
 * <p>Such a packet is never forwarded, so the groups are asked before it is translated, while it
 * still has the destination that their rules speak of: {@code to_endpoint_out} asks the sender's,
 * {@code to_endpoint_in} the endpoint's. What goes to an endpoint and is not let through by both is
 * dropped.
 */
final class EndpointRules {
  /** HTTP's: Berth's API has no TLS. */
  private static final int PORT = 80;

  private static final String GROUPS = "endpoint_ingress";

  private EndpointRules() {}

  static void addSets(SortedMap<String, Elements> sets, VpcPlan plan) {
    var verdicts = new TreeMap<String, String>();
    for (var endpoint : plan.endpoints()) {
      var verdict = "goto in_" + VpcRules.combination(endpoint.groups());
      endpoint.addresses().forEach(address -> verdicts.put(address.toString(), verdict));
    }
    sets.put(GROUPS, new Elements("map", "ipv4_addr : verdict", verdicts));
  }

  /** All but the translation itself. */
  static void addChains(SortedMap<String, Chain> chains, VpcPlan plan) {
    ask(chains, plan, "to_endpoint_out", "mangle - 1", "iifname vmap @egress");
    ask(chains, plan, "to_endpoint_in", "mangle", "ip daddr vmap @" + GROUPS);
  }

  /** After the tracking of connections, before the translation of destinations. */
  private static void ask(
      SortedMap<String, Chain> chains, VpcPlan plan, String name, String priority, String groups) {
    chains.put(
        name,
        new Chain(
            "type filter hook prerouting priority " + priority + "; policy accept;",
            plan.endpoints().isEmpty()
                ? List.of()
                : List.of("ip daddr " + addresses(plan) + " goto asked_" + name)));
    chains.put(
        "asked_" + name,
        new Chain(
            "",
            List.of(
                "iifname \"" + VpcRules.UPLINK + "\" drop",
                "ct state established,related accept",
                "ct state invalid drop",
                "meta l4proto != tcp drop",
                "tcp dport != " + PORT + " drop",
                groups,
                "drop")));
  }

  /** The translation; nothing where there are no endpoints. */
  static List<String> translations(VpcPlan plan) {
    return plan.endpoints().isEmpty()
        ? List.of()
        : List.of(
            "ip daddr %s tcp dport %d dnat ip to %s:%d"
                .formatted(addresses(plan), PORT, VpcRules.METADATA, VpcRules.API_PORT));
  }

  private static String addresses(VpcPlan plan) {
    return plan.endpoints().stream()
        .flatMap(endpoint -> endpoint.addresses().stream())
        .map(Object::toString)
        .sorted()
        .collect(joining(", ", "{ ", " }"));
  }
}
