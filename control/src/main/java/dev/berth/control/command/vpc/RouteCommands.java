package dev.berth.control.command.vpc;

import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EgressOnlyGateway;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.RouteTable.Destination;
import dev.berth.model.network.RouteTable.Route;
import dev.berth.model.network.RouteTable.Target;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcId;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;

/** The routes of a table. */
public final class RouteCommands {
  private final Networks networks;

  public RouteCommands(Networks networks) {
    this.networks = networks;
  }

  /** A route as a client declares it: one of the destinations, and one of the targets. */
  public record Wish(
      String table,
      Optional<String> cidr,
      Optional<String> ipv6Cidr,
      Optional<String> prefixList,
      Optional<String> internetGateway,
      Optional<String> natGateway,
      Optional<String> egressOnlyGateway) {}

  /** Adds a route for a destination that has none yet. */
  public void create(Realm realm, Wish wish) throws NetworkRefused {
    change(
        realm,
        wish,
        (known, destination) -> {
          if (known.isPresent()) {
            throw new NetworkRefused(
                NetworkError.ROUTE_EXISTS,
                "The route identified by %s already exists.".formatted(text(destination)));
          }
        });
  }

  /** Gives a destination that has a route another target. */
  public void replace(Realm realm, Wish wish) throws NetworkRefused {
    change(
        realm,
        wish,
        (known, destination) -> {
          if (known.isEmpty()) {
            throw noRoute(wish.table(), destination);
          }
        });
  }

  @FunctionalInterface
  private interface Check {
    void on(Optional<Route> known, Destination destination) throws NetworkRefused;
  }

  private void change(Realm realm, Wish wish, Check check) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          RouteTable table = lookup.routeTable(wish.table());
          Destination destination = destination(lookup, wish);
          checkNotLocal(lookup.vpc(table.vpc().value()), destination);
          check.on(find(table, destination), destination);
          var route = new Route(destination, target(lookup, table.vpc(), wish));
          var routes = new ArrayList<>(without(table, destination).routes());
          routes.add(route);
          draft.put(NetworkKind.ROUTE_TABLE, table.withRoutes(routes));
          return route;
        });
  }

  /** Removes the route of a destination. */
  public void delete(Realm realm, Wish wish) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          RouteTable table = lookup.routeTable(wish.table());
          Destination destination = destination(lookup, wish);
          checkNotLocal(lookup.vpc(table.vpc().value()), destination);
          if (find(table, destination).isEmpty()) {
            throw noRoute(wish.table(), destination);
          }
          draft.put(NetworkKind.ROUTE_TABLE, without(table, destination));
          return table;
        });
  }

  private static Optional<Route> find(RouteTable table, Destination destination) {
    return table.routes().stream()
        .filter(route -> route.destination().equals(destination))
        .findFirst();
  }

  private static RouteTable without(RouteTable table, Destination destination) {
    return table.withRoutes(
        table.routes().stream().filter(route -> !route.destination().equals(destination)).toList());
  }

  private static NetworkRefused noRoute(String table, Destination destination) {
    return new NetworkRefused(
        NetworkError.ROUTE_NOT_FOUND,
        "no route with destination-cidr-block %s in route table %s"
            .formatted(text(destination), table));
  }

  private static String text(Destination destination) {
    return switch (destination) {
      case Destination.Range(var cidr) -> cidr.toString();
      case Destination.Prefixes(var list) -> list.value();
    };
  }

  private static void checkNotLocal(Vpc vpc, Destination destination) throws NetworkRefused {
    boolean isInside =
        destination instanceof Destination.Range(Cidr cidr)
            && Stream.concat(vpc.cidrs().stream(), vpc.ipv6Cidr().stream())
                .anyMatch(range -> range.contains(cidr));
    if (isInside) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks."
              .formatted(text(destination)));
    }
  }

  private static Destination destination(Lookup lookup, Wish wish) throws NetworkRefused {
    long count =
        Stream.of(wish.cidr(), wish.ipv6Cidr(), wish.prefixList())
            .filter(Optional::isPresent)
            .count();
    if (count != 1) {
      throw new NetworkRefused(
          count == 0 ? NetworkError.MISSING_PARAMETER : NetworkError.INVALID_PARAMETER_COMBINATION,
          "Exactly one of destinationCidrBlock, destinationIpv6CidrBlock and"
              + " destinationPrefixListId must be given.");
    }
    if (wish.cidr().isPresent()) {
      return new Destination.Range(Lookup.cidr(wish.cidr().get(), "destinationCidrBlock"));
    }
    if (wish.ipv6Cidr().isPresent()) {
      return new Destination.Range(Lookup.cidr(wish.ipv6Cidr().get(), "destinationIpv6CidrBlock"));
    }
    return new Destination.Prefixes(lookup.prefixList(wish.prefixList().orElseThrow()).id());
  }

  private static Target target(Lookup lookup, VpcId vpc, Wish wish) throws NetworkRefused {
    if (wish.internetGateway().isPresent()) {
      InternetGateway gateway = lookup.internetGateway(wish.internetGateway().get());
      checkVpc(gateway.vpc(), vpc, gateway.id().value());
      return new Target.ToInternet(gateway.id());
    }
    if (wish.natGateway().isPresent()) {
      NatGateway gateway = lookup.natGateway(wish.natGateway().get());
      checkVpc(Optional.of(gateway.eni().vpc()), vpc, gateway.id().value());
      return new Target.ToNat(gateway.id());
    }
    if (wish.egressOnlyGateway().isPresent()) {
      EgressOnlyGateway gateway = lookup.egressOnlyGateway(wish.egressOnlyGateway().get());
      checkVpc(Optional.of(gateway.vpc()), vpc, gateway.id().value());
      return new Target.ToEgressOnly(gateway.id());
    }
    throw new NetworkRefused(
        NetworkError.UNSUPPORTED,
        "A route needs gatewayId, natGatewayId or egressOnlyInternetGatewayId: Berth has no other"
            + " targets yet.");
  }

  private static void checkVpc(Optional<VpcId> has, VpcId wanted, String gateway)
      throws NetworkRefused {
    if (!has.equals(Optional.of(wanted))) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "route table and network gateway %s belong to different networks".formatted(gateway));
    }
  }
}
