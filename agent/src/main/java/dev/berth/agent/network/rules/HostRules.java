package dev.berth.agent.network.rules;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The agent's table in the host's own namespace: what its routers may do there.
 *
 * <p>It speaks of nothing but the routers' uplinks: other packets of the host pass as if it were
 * not there.
 */
public final class HostRules {
  private HostRules() {}

  /**
   * The table.
   *
   * @param name of the table, which bears the agent's mark
   * @param uplinkPrefix how the names of the uplinks begin, no other agent's
   * @param published addresses that the world may begin connections to
   */
  public static RuleSet of(String name, String uplinkPrefix, Collection<String> published) {
    var uplinks = "\"" + uplinkPrefix + "*\"";
    var chains = new TreeMap<String, RuleSet.Chain>();
    chains.put(
        "local",
        new RuleSet.Chain(
            "type filter hook input priority filter; policy accept;",
            List.of(
                "iifname " + uplinks + " ct state established,related accept",
                "iifname " + uplinks + " drop")));
    chains.put(
        "forward",
        new RuleSet.Chain(
            "type filter hook forward priority filter; policy accept;",
            List.of(
                "ct state established,related accept",
                "iifname " + uplinks + " ip daddr 169.254.0.0/16 drop",
                "oifname " + uplinks + " ip daddr @published accept",
                "oifname " + uplinks + " drop")));
    chains.put(
        "world",
        new RuleSet.Chain(
            "type nat hook postrouting priority srcnat; policy accept;",
            List.of("iifname " + uplinks + " oifname != " + uplinks + " masquerade")));
    var sets = new TreeMap<String, RuleSet.Elements>();
    var elements = new TreeMap<String, String>();
    published.forEach(address -> elements.put(address, ""));
    sets.put("published", new RuleSet.Elements("set", "ipv4_addr", elements));
    return new RuleSet(name, sets, chains);
  }
}
