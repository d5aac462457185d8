package dev.berth.control.network;

import dev.berth.control.state.Draft;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.RealmNetwork;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.Vpc;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What every realm has from its first use on, as on AWS: a VPC in which a task just runs. */
public final class StandardNetwork {
  /** The zones that a realm has, by their letters. */
  public static final List<String> ZONES = List.of("a", "b", "c");

  /** Of the range that a VPC with IPv6 gets, as on AWS. */
  public static final int IPV6_PREFIX_LENGTH = 56;

  private static final Cidr EVERYWHERE = Cidr.parse("0.0.0.0/0");
  private static final Cidr EVERYWHERE_IPV6 = Cidr.parse("::/0");

  private final NetworkIds ids;

  public StandardNetwork(NetworkIds ids) {
    this.ids = ids;
  }

  /** Whether a realm has had its network already; it is made only once. */
  public static boolean isThere(State state, Realm realm) {
    return state.find(NetworkKind.REALM_NETWORK, realm).isPresent();
  }

  /** Makes a realm's network if it never had one. */
  public void prepare(Draft draft, Realm realm, Instant now) {
    if (!isThere(draft.state(), realm)) {
      draft.put(NetworkKind.REALM_NETWORK, new RealmNetwork(realm, now));
      make(draft, realm);
    }
  }

  /** Makes the VPC 172.31.0.0/16 with a public subnet in each zone. */
  public Vpc make(Draft draft, Realm realm) {
    var vpc =
        new Vpc(
            ids.vpc(),
            realm,
            List.of(Cidr.parse("172.31.0.0/16")),
            Optional.empty(),
            true,
            true,
            true,
            "default");
    var gateway = new InternetGateway(ids.internetGateway(), realm, Optional.of(vpc.id()));
    draft.put(NetworkKind.INTERNET_GATEWAY, gateway);
    var out =
        new RouteTable.Route(
            new RouteTable.Destination.Range(EVERYWHERE),
            new RouteTable.Target.ToInternet(gateway.id()));
    add(draft, vpc, List.of(out));
    for (String zone : ZONES) {
      draft.put(NetworkKind.SUBNET, subnet(vpc, zone));
    }
    return vpc;
  }

  /** The subnet that a default VPC has in one zone. */
  public Subnet subnet(Vpc vpc, String zone) {
    return new Subnet(
        ids.subnet(),
        vpc.realm(),
        vpc.id(),
        Cidr.parse("172.31." + 16 * ZONES.indexOf(zone) + ".0/20"),
        Optional.empty(),
        zone,
        true,
        true,
        false);
  }

  /** Puts a VPC in the draft with what none is without: a main route table and a default group. */
  public void add(Draft draft, Vpc vpc, List<RouteTable.Route> routes) {
    draft.put(NetworkKind.VPC, vpc);
    draft.put(
        NetworkKind.ROUTE_TABLE,
        new RouteTable(
            ids.routeTable(),
            vpc.realm(),
            vpc.id(),
            routes,
            List.of(new RouteTable.Association(ids.routeTableAssociation(), List.of()))));
    var id = ids.securityGroup();
    var inside =
        new SecurityGroup.Rule(
            ids.securityGroupRule(),
            false,
            SecurityGroup.Traffic.all(new SecurityGroup.Peer.Group(id)),
            Optional.empty());
    draft.put(
        NetworkKind.SECURITY_GROUP,
        new SecurityGroup(
            id,
            vpc.realm(),
            vpc.id(),
            SecurityGroup.DEFAULT_NAME,
            "default VPC security group",
            List.of(inside, everythingOut(EVERYWHERE))));
  }

  /** The rule that every new group has for what goes out. */
  public SecurityGroup.Rule everythingOut() {
    return everythingOut(EVERYWHERE);
  }

  /** The same for IPv6, once the VPC has a range of it. */
  public SecurityGroup.Rule everythingOutIpv6() {
    return everythingOut(EVERYWHERE_IPV6);
  }

  private SecurityGroup.Rule everythingOut(Cidr everywhere) {
    return new SecurityGroup.Rule(
        ids.securityGroupRule(),
        true,
        SecurityGroup.Traffic.all(new SecurityGroup.Peer.Range(everywhere)),
        Optional.empty());
  }
}
