package dev.berth.agent.network.rules;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.joining;

import dev.berth.agent.network.rules.GroupRules.Direction;
import dev.berth.agent.network.rules.RuleSet.Chain;
import dev.berth.agent.network.rules.RuleSet.Element;
import dev.berth.agent.network.rules.RuleSet.Elements;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.SubnetPlan.Target;
import dev.berth.model.network.VpcPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The packet filter of one VPC's router.
 *
 * <p>Every packet of a task enters by its own interface and passes the hook {@code forward}. There
 * {@code from_task} asks the routes and the sender's groups, then {@code to_task} the receiver's:
 * two chains, because what one accepts must still pass the other. A packet of a known connection
 * passes both. Interfaces that are in the same groups share the chains of that combination, so that
 * one more interface is a few elements of sets. What goes to AWS's API at an endpoint of the VPC
 * never gets there: see {@link EndpointRules}.
 */
public final class VpcRules {
  public static final String TABLE_NAME = "berth";

  public static final String TABLE = "inet " + TABLE_NAME;

  /** The router's interface towards the host. */
  public static final String UPLINK = "up";

  /** The host's address on a router's uplink: the same for all, and no VPC can have it. */
  public static final IpAddress HOST_SIDE = new IpAddress("169.254.171.1");

  public static final IpAddress METADATA = new IpAddress("169.254.170.2");

  /** Where AWS's API is, beside the metadata: Berth's own usual port. */
  public static final int API_PORT = 4510;

  public static final IpAddress RESOLVER = new IpAddress("169.254.169.253");

  private static final int MARK_PUBLIC = 1;

  /** Of the first NAT gateway; the next ones count on. */
  private static final int MARK_NAT_MIN = 16;

  /** The kernel's own bound is 255. */
  private static final int CHAIN_NAME_LENGTH_MAX = 200;

  private final VpcPlan plan;
  private final boolean hostAccess;
  private final Map<SecurityGroupId, SecurityGroupPlan> groups = new HashMap<>();

  /**
   * @param hostAccess whether the host itself reaches private addresses, past the groups
   */
  public VpcRules(VpcPlan plan, boolean hostAccess) {
    this.plan = plan;
    this.hostAccess = hostAccess;
    for (var group : plan.groups()) {
      groups.put(group.id(), group);
    }
  }

  public VpcPlan plan() {
    return plan;
  }

  /** The groups of an interface, as one text: interfaces of equal text share their chains. */
  public static String combination(Attachment attachment) {
    return combination(attachment.eni().groups());
  }

  static String combination(List<SecurityGroupId> groups) {
    var names =
        groups.stream()
            .sorted()
            .map(group -> group.value().substring("sg-".length()))
            .collect(joining("_"));
    // AWS allows no more than 16 groups; ten and fewer fit in a name as they are.
    return names.length() <= CHAIN_NAME_LENGTH_MAX ? names : Fingerprint.of(names);
  }

  /** The whole table for these interfaces. */
  public RuleSet all(Collection<Attachment> attached) {
    var combinations = new TreeMap<String, List<SecurityGroupId>>();
    attached.forEach(
        each ->
            combinations.put(combination(each), each.eni().groups().stream().sorted().toList()));
    plan.endpoints()
        .forEach(
            each ->
                combinations.put(
                    combination(each.groups()), each.groups().stream().sorted().toList()));
    var used = new TreeSet<SecurityGroupId>();
    combinations.values().forEach(used::addAll);
    var sets = sets(used);
    for (var attachment : attached) {
      for (var element : elements(attachment)) {
        var set = sets.get(element.set());
        if (set != null) {
          set.values().put(element.key(), element.value());
        }
      }
    }
    var chains = new TreeMap<String, Chain>();
    combinations.forEach((name, of) -> combine(chains, name, of));
    for (var group : used) {
      for (var direction : Direction.values()) {
        var rules =
            Optional.ofNullable(groups.get(group))
                .map(known -> GroupRules.of(known, direction))
                .orElse(List.of());
        chains.put(GroupRules.chain(group, direction), new Chain("", rules));
      }
    }
    hooks(chains);
    EndpointRules.addChains(chains, plan);
    routes(chains);
    nat(chains);
    return new RuleSet(TABLE, sets, chains);
  }

  /** Whether the table already has the chains of the interface's groups. */
  public static boolean hasChains(RuleSet table, Attachment attachment) {
    return table.chains().containsKey("in_" + combination(attachment));
  }

  /**
   * What one interface adds to {@link #all} of others that have its chains. It stands in its
   * groups' sets whether or not the plan says so already.
   */
  public List<Element> elements(Attachment attachment) {
    var eni = attachment.eni();
    var name = "\"" + attachment.interfaceName() + "\"";
    var elements = new ArrayList<Element>();
    var combination = combination(attachment);
    elements.add(new Element("egress", name, "goto out_" + combination));
    elements.add(new Element("ingress", name, "goto in_" + combination));
    elements.add(new Element("bound4", name + " . " + eni.privateAddress(), ""));
    eni.ipv6Address().ifPresent(ip -> elements.add(new Element("bound6", name + " . " + ip, "")));
    eni.publicAddress()
        .ifPresent(
            ip -> {
              var own = eni.privateAddress().toString();
              elements.add(new Element("published", own, ""));
              elements.add(new Element("public_of", own, ip.toString()));
              elements.add(new Element("private_of", ip.toString(), own));
            });
    for (var group : eni.groups()) {
      elements.add(member(group, eni.privateAddress()));
      eni.ipv6Address().ifPresent(ip -> elements.add(member(group, ip)));
    }
    return elements;
  }

  private static Element member(SecurityGroupId group, IpAddress address) {
    var set = address.isIpv4() ? GroupRules.members4(group) : GroupRules.members6(group);
    return new Element(set, address.toString(), "");
  }

  /** The elements of groups' sets that came with a change. */
  public static List<Element> joined(MemberChange change) {
    return change.joined().stream()
        .flatMap(
            each ->
                each.groups().stream()
                    .flatMap(
                        group -> each.addresses().stream().map(address -> member(group, address))))
        .toList();
  }

  /** The elements of groups' sets that an address may stand in. */
  public List<Element> memberships(IpAddress address) {
    return groups.keySet().stream().map(group -> member(group, address)).toList();
  }

  private SortedMap<String, Elements> sets(Set<SecurityGroupId> used) {
    var sets = new TreeMap<String, Elements>();
    sets.put("egress", new Elements("map", "ifname : verdict", new TreeMap<>()));
    sets.put("ingress", new Elements("map", "ifname : verdict", new TreeMap<>()));
    sets.put("bound4", new Elements("set", "ifname . ipv4_addr", new TreeMap<>()));
    sets.put("bound6", new Elements("set", "ifname . ipv6_addr", new TreeMap<>()));
    sets.put("published", new Elements("set", "ipv4_addr", new TreeMap<>()));
    sets.put("public_of", new Elements("map", "ipv4_addr : ipv4_addr", new TreeMap<>()));
    sets.put("private_of", new Elements("map", "ipv4_addr : ipv4_addr", new TreeMap<>()));
    EndpointRules.addSets(sets, plan);
    for (var group : referenced(used)) {
      var ipv4 = new TreeMap<String, String>();
      var ipv6 = new TreeMap<String, String>();
      var known = groups.get(group);
      for (var member : known == null ? List.<IpAddress>of() : known.members()) {
        (member.isIpv4() ? ipv4 : ipv6).put(member.toString(), "");
      }
      sets.put(GroupRules.members4(group), new Elements("set", "ipv4_addr", ipv4));
      sets.put(GroupRules.members6(group), new Elements("set", "ipv6_addr", ipv6));
    }
    return sets;
  }

  private Set<SecurityGroupId> referenced(Set<SecurityGroupId> used) {
    var referenced = new TreeSet<SecurityGroupId>();
    for (var group : used) {
      var known = groups.get(group);
      if (known == null) {
        continue;
      }
      var rules = new ArrayList<>(known.ingress());
      rules.addAll(known.egress());
      for (var rule : rules) {
        if (rule.peer() instanceof SecurityGroupPlan.Peer.Group(var other)) {
          referenced.add(other);
        }
      }
    }
    return referenced;
  }

  private static void combine(
      SortedMap<String, Chain> chains, String name, List<SecurityGroupId> groups) {
    for (var direction : Direction.values()) {
      var rules = new ArrayList<String>();
      groups.forEach(group -> rules.add("jump " + GroupRules.chain(group, direction)));
      rules.add("drop");
      chains.put((direction == Direction.INGRESS ? "in_" : "out_") + name, new Chain("", rules));
    }
  }

  private void hooks(SortedMap<String, Chain> chains) {
    var guard = new ArrayList<>(List.of("iifname \"lo\" accept"));
    guard.add("iifname \"" + UPLINK + "\" ip saddr != " + ranges(true) + " accept");
    if (!waysOutIpv6(plan).isEmpty()) {
      guard.add("iifname \"" + UPLINK + "\" ip6 saddr != " + ranges(false) + " accept");
    }
    guard.add("iifname . ip saddr @bound4 accept");
    guard.add("iifname . ip6 saddr @bound6 accept");
    chains.put("guard", new Chain("type filter hook prerouting priority raw; policy drop;", guard));
    var local = new ArrayList<>(List.of("ct state established,related accept"));
    local.add("iifname \"lo\" accept");
    local.add("iifname \"" + UPLINK + "\" drop");
    if (plan.dnsSupport()) {
      var servers = "{ " + resolver(plan) + ", " + RESOLVER + " }";
      local.add("ip daddr " + servers + " udp dport 53 accept");
      local.add("ip daddr " + servers + " tcp dport 53 accept");
    }
    local.add("ip daddr " + METADATA + " tcp dport { 80, " + API_PORT + " } accept");
    chains.put("local", new Chain("type filter hook input priority filter; policy drop;", local));
    chains.put(
        "from_task",
        new Chain(
            "type filter hook forward priority filter - 10; policy drop;",
            List.of(
                "ct state established,related accept",
                "ct state invalid drop",
                "ip daddr 169.254.0.0/16 reject with icmp type admin-prohibited",
                "iifname \"" + UPLINK + "\" goto entering",
                "oifname \"" + UPLINK + "\" jump leaving",
                "iifname vmap @egress")));
    chains.put(
        "to_task",
        new Chain(
            "type filter hook forward priority filter; policy drop;",
            List.of(
                "ct state established,related accept",
                "oifname \"" + UPLINK + "\" accept",
                // What the host sends to a private address was let in by "entering".
                "iifname \""
                    + UPLINK
                    + "\" ip saddr "
                    + HOST_SIDE
                    + " ct status & dnat == 0 accept",
                "oifname vmap @ingress")));
  }

  /** Which way out a subnet's packets have, and which way in its answers' counterparts. */
  private void routes(SortedMap<String, Chain> chains) {
    var leaving = new ArrayList<String>();
    leaving.add("ip daddr " + ranges(true) + " drop"); // The local route: nobody is there.
    if (!waysOutIpv6(plan).isEmpty()) {
      leaving.add("ip6 daddr " + ranges(false) + " drop");
    }
    var entering = new ArrayList<String>();
    if (hostAccess) {
      entering.add(
          "ip saddr " + HOST_SIDE + " ip daddr " + ranges(true) + " ct status & dnat == 0 accept");
    }
    entering.add("ct status & dnat == 0 drop");
    for (var subnet : plan.subnets()) {
      var name = subnet.id().value().replace('-', '_');
      for (var cidr : subnet.cidrs()) {
        if (cidr.network().isIpv4()) {
          leaving.add("ip saddr " + cidr + " goto leave_" + name);
          entering.add("ip daddr " + cidr + " goto enter_" + name);
        } else {
          leaving.add("ip6 saddr " + cidr + " goto leave_" + name);
        }
      }
      chains.put("leave_" + name, new Chain("", leave(subnet)));
      chains.put("enter_" + name, new Chain("", enter(subnet)));
    }
    leaving.add("drop");
    entering.add("drop");
    chains.put("leaving", new Chain("", leaving));
    chains.put("entering", new Chain("", entering));
  }

  private List<String> leave(SubnetPlan subnet) {
    var rules = new ArrayList<String>();
    for (var route : longestFirst(subnet, false)) {
      boolean out = leadsOutIpv6(route);
      rules.add("ip6 daddr " + route.destination() + (out ? " return" : " drop"));
    }
    for (var route : longestFirst(subnet, true)) {
      var to = "ip daddr " + route.destination() + " ";
      switch (route.target()) {
        case Target.InternetGateway() -> {
          rules.add(to + "ip saddr @published meta mark set " + MARK_PUBLIC + " return");
          rules.add(to + "drop");
        }
        case Target.NatGateway(var address) ->
            rules.add(to + "meta mark set " + markOf(address) + " return");
        case Target.EgressOnlyGateway(), Target.Blackhole() -> rules.add(to + "drop");
      }
    }
    rules.add("drop");
    return rules;
  }

  private static List<String> enter(SubnetPlan subnet) {
    var rules = new ArrayList<String>();
    for (var route : longestFirst(subnet, true)) {
      boolean open = route.target() instanceof Target.InternetGateway;
      rules.add("ip saddr " + route.destination() + (open ? " accept" : " drop"));
    }
    rules.add("drop");
    return rules;
  }

  private static List<SubnetPlan.Route> longestFirst(SubnetPlan subnet, boolean ipv4) {
    return subnet.routes().stream()
        .filter(route -> route.destination().network().isIpv4() == ipv4)
        .sorted(
            comparingInt((SubnetPlan.Route route) -> -route.destination().prefixLength())
                .thenComparing(route -> route.destination().toString()))
        .toList();
  }

  private void nat(SortedMap<String, Chain> chains) {
    var in = new ArrayList<>(EndpointRules.translations(plan));
    in.add("iifname \"" + UPLINK + "\" dnat ip to ip daddr map @private_of");
    chains.put("nat_in", new Chain("type nat hook prerouting priority dstnat; policy accept;", in));
    var out = new ArrayList<String>();
    var up = "oifname \"" + UPLINK + "\" meta mark ";
    out.add(up + MARK_PUBLIC + " snat ip to ip saddr map @public_of");
    for (var address : natGateways(plan)) {
      out.add(up + markOf(address) + " snat ip to " + address);
    }
    chains.put(
        "nat_out", new Chain("type nat hook postrouting priority srcnat; policy accept;", out));
  }

  private int markOf(IpAddress natGateway) {
    return MARK_NAT_MIN + natGateways(plan).indexOf(natGateway);
  }

  /** The addresses of all NAT gateways that a route leads to. */
  public static List<IpAddress> natGateways(VpcPlan plan) {
    return plan.subnets().stream()
        .flatMap(subnet -> subnet.routes().stream())
        .map(SubnetPlan.Route::target)
        .filter(Target.NatGateway.class::isInstance)
        .map(target -> ((Target.NatGateway) target).publicAddress())
        .distinct()
        .sorted(comparing(IpAddress::value))
        .toList();
  }

  /** Every address of IPv6 is the world's too, as far as it answers: nobody begins from there. */
  private static boolean leadsOutIpv6(SubnetPlan.Route route) {
    return !route.destination().network().isIpv4()
        && (route.target() instanceof Target.InternetGateway
            || route.target() instanceof Target.EgressOnlyGateway);
  }

  /** The IPv6 ranges of the subnets that a route leads out of. */
  public static List<Cidr> waysOutIpv6(VpcPlan plan) {
    return plan.subnets().stream()
        .filter(subnet -> subnet.routes().stream().anyMatch(VpcRules::leadsOutIpv6))
        .flatMap(subnet -> subnet.cidrs().stream())
        .filter(cidr -> !cidr.network().isIpv4())
        .toList();
  }

  /** The addresses that a router itself answers at: of services, and each subnet's gateway. */
  public static Set<IpAddress> routerAddresses(VpcPlan plan) {
    var addresses = new HashSet<IpAddress>();
    addresses.add(METADATA);
    addresses.add(RESOLVER);
    addresses.add(resolver(plan));
    for (var subnet : plan.subnets()) {
      subnet.cidrs().stream()
          .filter(cidr -> cidr.network().isIpv4())
          .map((Cidr cidr) -> gateway(cidr))
          .forEach(addresses::add);
    }
    return addresses;
  }

  /** The addresses at which AWS's API was, and is not any more. */
  public static Set<IpAddress> endpointsGone(VpcPlan before, VpcPlan now) {
    var gone = new HashSet<IpAddress>();
    before.endpoints().forEach(each -> gone.addAll(each.addresses()));
    now.endpoints().forEach(each -> each.addresses().forEach(gone::remove));
    return gone;
  }

  /** The address of the VPC's name server: the third of its first range. */
  public static IpAddress resolver(VpcPlan plan) {
    return plan.cidrs().stream()
        .filter(cidr -> cidr.network().isIpv4())
        .findFirst()
        .map(cidr -> nth(cidr, 2))
        .orElse(RESOLVER);
  }

  /** The address of a subnet's gateway: the second of its range. */
  public static IpAddress gateway(Cidr subnet) {
    return nth(subnet, 1);
  }

  private static IpAddress nth(Cidr range, int number) {
    var bytes = range.network().bytes();
    bytes[bytes.length - 1] += (byte) number; // The last bits of a range that is not tiny are 0.
    return IpAddress.of(bytes);
  }

  private String ranges(boolean ipv4) {
    return plan.cidrs().stream()
        .filter(cidr -> cidr.network().isIpv4() == ipv4)
        .map(Cidr::toString)
        .collect(joining(", ", "{ ", " }"));
  }
}
