package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.List;

/**
 * Where packets of its subnets go. The local routes of its VPC are in every table and are not kept.
 *
 * @param associations the subnets that use it, and the VPC's main association where it has that:
 *     subnets without a table of their own use the main one
 */
public record RouteTable(
    RouteTableId id, Realm realm, VpcId vpc, List<Route> routes, List<Association> associations)
    implements RealmResource {
  public RouteTable {
    routes = List.copyOf(routes);
    associations = List.copyOf(associations);
  }

  /** Whether subnets without a table of their own use it. */
  public boolean isMain() {
    return associations.stream().anyMatch(Association::isMain);
  }

  public RouteTable withRoutes(List<Route> newRoutes) {
    return new RouteTable(id, realm, vpc, newRoutes, associations);
  }

  public RouteTable withAssociations(List<Association> newAssociations) {
    return new RouteTable(id, realm, vpc, routes, newAssociations);
  }

  /** One route. */
  public record Route(Destination destination, Target target) {}

  /** What a route is for. */
  public sealed interface Destination {
    record Range(Cidr cidr) implements Destination {}

    record Prefixes(PrefixListId list) implements Destination {}
  }

  /** Where a route leads. The route stays, as a black hole, when its target goes. */
  public sealed interface Target {
    record ToInternet(InternetGatewayId gateway) implements Target {}

    record ToEgressOnly(EgressOnlyGatewayId gateway) implements Target {}

    record ToNat(NatGatewayId gateway) implements Target {}
  }

  /**
   * A use of the table.
   *
   * @param id such as {@code rtbassoc-0123456789abcdef0}
   * @param subnets one subnet; none for the VPC's main association
   */
  public record Association(String id, List<SubnetId> subnets) {
    public Association {
      subnets = List.copyOf(subnets);
    }

    public boolean isMain() {
      return subnets.isEmpty();
    }
  }
}
