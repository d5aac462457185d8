package dev.berth.api.ec2;

import dev.berth.control.query.NetworkView;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.Vpc;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/** A route table as EC2 shows it: with the local routes, which no table is without. */
final class RouteTableShape {
  private RouteTableShape() {}

  static software.amazon.awssdk.services.ec2.model.RouteTable of(
      NetworkView view, RouteTable table) {
    return software.amazon.awssdk.services.ec2.model.RouteTable.builder()
        .routeTableId(table.id().value())
        .vpcId(table.vpc().value())
        .ownerId(table.realm().account().value())
        .routes(routes(view, table))
        .associations(table.associations().stream().map(it -> association(table, it)).toList())
        .propagatingVgws(List.of())
        .tags(Ec2Tags.of(view.tags(table.id().value())))
        .build();
  }

  private static List<Route> routes(NetworkView view, RouteTable table) {
    Stream<Route> local =
        view.find(NetworkKind.VPC, table.vpc()).stream()
            .flatMap(RouteTableShape::ranges)
            .map(cidr -> local(cidr));
    return Stream.concat(local, table.routes().stream().map(it -> route(view, table, it))).toList();
  }

  private static Stream<Cidr> ranges(Vpc vpc) {
    return Stream.concat(vpc.cidrs().stream(), vpc.ipv6Cidr().stream());
  }

  private static Route local(Cidr cidr) {
    Route.Builder route =
        Route.builder().gatewayId("local").origin("CreateRouteTable").state("active");
    return destination(route, cidr).build();
  }

  private static Route route(NetworkView view, RouteTable table, RouteTable.Route declared) {
    Route.Builder route =
        Route.builder()
            .origin("CreateRoute")
            .state(view.isBlackhole(table.vpc(), declared.target()) ? "blackhole" : "active");
    switch (declared.destination()) {
      case RouteTable.Destination.Range(var cidr) -> destination(route, cidr);
      case RouteTable.Destination.Prefixes(var list) -> route.destinationPrefixListId(list.value());
    }
    switch (declared.target()) {
      case RouteTable.Target.ToInternet(var id) -> route.gatewayId(id.value());
      case RouteTable.Target.ToEgressOnly(var id) -> route.egressOnlyInternetGatewayId(id.value());
      case RouteTable.Target.ToNat(var id) -> route.natGatewayId(id.value());
    }
    return route.build();
  }

  private static Route.Builder destination(Route.Builder route, Cidr cidr) {
    return cidr.network().isIpv4()
        ? route.destinationCidrBlock(cidr.toString())
        : route.destinationIpv6CidrBlock(cidr.toString());
  }

  private static RouteTableAssociation association(
      RouteTable table, RouteTable.Association association) {
    return RouteTableAssociation.builder()
        .routeTableAssociationId(association.id())
        .routeTableId(table.id().value())
        .main(association.isMain())
        .subnetId(association.subnets().stream().map(SubnetId::value).findFirst().orElse(null))
        .associationState(state -> state.state("associated"))
        .build();
  }

  static Stream<String> destinations(RouteTable table, boolean ipv4) {
    return table.routes().stream()
        .flatMap(
            route ->
                route.destination() instanceof RouteTable.Destination.Range(Cidr cidr)
                        && cidr.network().isIpv4() == ipv4
                    ? Stream.of(cidr.toString())
                    : Stream.of());
  }

  static Stream<String> targets(RouteTable table) {
    return table.routes().stream()
        .map(
            route ->
                switch (route.target()) {
                  case RouteTable.Target.ToInternet(var id) -> id.value();
                  case RouteTable.Target.ToEgressOnly(var id) -> id.value();
                  case RouteTable.Target.ToNat(var id) -> id.value();
                });
  }
}
