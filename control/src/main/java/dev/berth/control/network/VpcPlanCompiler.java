package dev.berth.control.network;

import dev.berth.control.state.HeldInterface;
import dev.berth.control.state.Kind;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.control.state.VpcInterfaces;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.MemberChange;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.PrefixList;
import dev.berth.model.network.PrefixListId;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetPlan;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Says what a VPC is to a host: every reference resolved. Pure: the same state gives the same plan,
 * in the same order.
 */
public final class VpcPlanCompiler {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private final State state;
  private final Vpc vpc;

  private VpcPlanCompiler(State state, Vpc vpc) {
    this.state = state;
    this.vpc = vpc;
  }

  /** The plan of a VPC as it is now, or nothing if it is not there. */
  public static Optional<VpcPlan> compile(State state, VpcId id) {
    return state.find(NetworkKind.VPC, id).map(vpc -> new VpcPlanCompiler(state, vpc).plan());
  }

  /**
   * What to tell whoever was told the VPC as it was at a revision; empty where only a whole plan
   * will do. To nobody who knows everything there is anything to tell.
   */
  public static Optional<MemberChange> since(VpcInterfaces now, VpcId id, long told) {
    return now.since(told).map(changes -> net(changes, id, told, now.revision()));
  }

  /** What is left of many changes: an interface that came and went meanwhile is not told. */
  private static MemberChange net(
      List<VpcInterfaces.Change> changes, VpcId id, long since, long version) {
    var joined = new LinkedHashMap<IpAddress, EniSpec>();
    var left = new LinkedHashMap<IpAddress, EniSpec>();
    for (VpcInterfaces.Change change : changes) {
      change
          .left()
          .ifPresent(
              eni -> {
                if (joined.remove(eni.privateAddress()) == null) {
                  left.put(eni.privateAddress(), eni);
                }
              });
      change.joined().ifPresent(eni -> joined.put(eni.privateAddress(), eni));
    }
    return new MemberChange(
        id,
        since,
        version,
        joined.values().stream()
            .map(eni -> new MemberChange.Member(addresses(eni), eni.groups()))
            .toList(),
        left.values().stream().flatMap(eni -> addresses(eni).stream()).toList());
  }

  private static List<IpAddress> addresses(EniSpec eni) {
    return Stream.concat(Stream.of(eni.privateAddress()), eni.ipv6Address().stream()).toList();
  }

  private VpcPlan plan() {
    List<VpcEndpoint> endpoints =
        mine(NetworkKind.VPC_ENDPOINT, VpcEndpoint::vpc)
            .filter(endpoint -> !endpoint.interfaces().isEmpty())
            .sorted(Comparator.comparing(VpcEndpoint::id))
            .toList();
    return new VpcPlan(
        vpc.id(),
        vpc.realm(),
        state.networks().in(vpc.id()).revision(),
        Stream.concat(vpc.cidrs().stream(), vpc.ipv6Cidr().stream()).toList(),
        vpc.dnsSupport(),
        vpc.dnsHostnames(),
        mine(NetworkKind.SUBNET, Subnet::vpc)
            .sorted(Comparator.comparing(Subnet::id))
            .map(this::subnet)
            .toList(),
        groups(),
        endpoints.stream().flatMap(this::names).toList(),
        Optional.of(
            endpoints.stream()
                .map(it -> new VpcPlan.Endpoint(it.addresses(), it.groups()))
                .toList()));
  }

  /** Its own names, and the service's where the VPC still has what private names need. */
  private Stream<VpcPlan.DnsName> names(VpcEndpoint endpoint) {
    Stream<VpcPlan.DnsName> usual =
        endpoint.privateDns() && vpc.dnsSupport() && vpc.dnsHostnames()
            ? Stream.of(new VpcPlan.DnsName(endpoint.privateName(), endpoint.addresses()))
            : Stream.empty();
    return Stream.concat(endpoint.ownNames().stream(), usual);
  }

  private <K, R extends Record> Stream<R> mine(Kind<K, R> kind, Function<R, VpcId> owner) {
    return state.all(kind).stream().filter(each -> owner.apply(each).equals(vpc.id()));
  }

  private SubnetPlan subnet(Subnet subnet) {
    List<SubnetPlan.Route> routes = table(subnet).routes().stream().flatMap(this::routes).toList();
    return new SubnetPlan(
        subnet.id(),
        Stream.concat(Stream.of(subnet.cidr()), subnet.ipv6Cidr().stream()).toList(),
        routes);
  }

  private RouteTable table(Subnet subnet) {
    List<RouteTable> tables =
        mine(NetworkKind.ROUTE_TABLE, RouteTable::vpc)
            .sorted(Comparator.comparing(RouteTable::id))
            .toList();
    return tables.stream()
        .filter(
            table ->
                table.associations().stream()
                    .anyMatch(association -> association.subnets().contains(subnet.id())))
        .findFirst()
        .or(() -> tables.stream().filter(RouteTable::isMain).findFirst())
        .orElseThrow(() -> new IllegalStateException(vpc.id() + " has no main route table"));
  }

  private Stream<SubnetPlan.Route> routes(RouteTable.Route route) {
    SubnetPlan.Target target = target(route.target());
    Stream<Cidr> destinations =
        switch (route.destination()) {
          case RouteTable.Destination.Range(var cidr) -> Stream.of(cidr);
          case RouteTable.Destination.Prefixes(var list) -> prefixes(list);
        };
    return destinations.map(cidr -> new SubnetPlan.Route(cidr, target));
  }

  private SubnetPlan.Target target(RouteTable.Target declared) {
    return switch (declared) {
      case RouteTable.Target.ToInternet(var id)
          when state
              .find(NetworkKind.INTERNET_GATEWAY, id)
              .flatMap(gateway -> gateway.vpc())
              .equals(Optional.of(vpc.id())) ->
          new SubnetPlan.Target.InternetGateway();
      case RouteTable.Target.ToEgressOnly(var id)
          when state.find(NetworkKind.EGRESS_ONLY_GATEWAY, id).isPresent() ->
          new SubnetPlan.Target.EgressOnlyGateway();
      case RouteTable.Target.ToNat(var id) ->
          state
              .find(NetworkKind.NAT_GATEWAY, id)
              .filter(gateway -> gateway.deletedAt().isEmpty())
              .flatMap(VpcPlanCompiler::outside)
              .<SubnetPlan.Target>map(SubnetPlan.Target.NatGateway::new)
              .orElseGet(SubnetPlan.Target.Blackhole::new);
      case RouteTable.Target.ToInternet _, RouteTable.Target.ToEgressOnly _ ->
          new SubnetPlan.Target.Blackhole();
    };
  }

  private static Optional<IpAddress> outside(NatGateway gateway) {
    return gateway.eni().publicAddress();
  }

  private Stream<Cidr> prefixes(PrefixListId id) {
    return state.find(NetworkKind.PREFIX_LIST, id).stream()
        .flatMap(list -> list.entries().stream())
        .map(PrefixList.Entry::cidr);
  }

  private List<SecurityGroupPlan> groups() {
    Map<SecurityGroupId, List<IpAddress>> members = members();
    return mine(NetworkKind.SECURITY_GROUP, SecurityGroup::vpc)
        .sorted(Comparator.comparing(SecurityGroup::id))
        .map(
            group ->
                new SecurityGroupPlan(
                    group.id(),
                    rules(group, false),
                    rules(group, true),
                    members.getOrDefault(group.id(), List.of())))
        .toList();
  }

  private Map<SecurityGroupId, List<IpAddress>> members() {
    var members = new HashMap<SecurityGroupId, List<IpAddress>>();
    state.networks().in(vpc.id()).interfaces().values().stream()
        .map(HeldInterface::eni)
        .sorted(Comparator.comparing(EniSpec::id))
        .forEach(
            eni ->
                eni.groups()
                    .forEach(
                        group ->
                            members
                                .computeIfAbsent(group, _ -> new ArrayList<>())
                                .addAll(addresses(eni))));
    return members;
  }

  private List<SecurityGroupPlan.Rule> rules(SecurityGroup group, boolean egress) {
    return group.rules().stream()
        .filter(rule -> rule.egress() == egress)
        .map(SecurityGroup.Rule::traffic)
        .flatMap(traffic -> peers(traffic.peer()).map(peer -> rule(traffic, peer)))
        .toList();
  }

  private Stream<SecurityGroupPlan.Peer> peers(SecurityGroup.Peer declared) {
    return switch (declared) {
      case SecurityGroup.Peer.Range(var cidr) -> Stream.of(new SecurityGroupPlan.Peer.Range(cidr));
      case SecurityGroup.Peer.Group(var id) -> Stream.of(new SecurityGroupPlan.Peer.Group(id));
      case SecurityGroup.Peer.Prefixes(var id) ->
          prefixes(id).map(SecurityGroupPlan.Peer.Range::new);
    };
  }

  private static SecurityGroupPlan.Rule rule(
      SecurityGroup.Traffic traffic, SecurityGroupPlan.Peer peer) {
    boolean isAll = traffic.from() < 0;
    Optional<SecurityGroupPlan.Ports> ports =
        (traffic.protocol() == TCP || traffic.protocol() == UDP) && !isAll
            ? Optional.of(new SecurityGroupPlan.Ports(traffic.from(), traffic.to()))
            : Optional.empty();
    Optional<SecurityGroupPlan.Icmp> icmp =
        (traffic.protocol() == ICMP || traffic.protocol() == ICMPV6) && !isAll
            ? Optional.of(new SecurityGroupPlan.Icmp(traffic.from(), traffic.to()))
            : Optional.empty();
    return new SecurityGroupPlan.Rule(traffic.protocol(), ports, icmp, peer);
  }
}
