package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.SubnetId;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesResponse;

/** Route tables, their routes and their associations. */
public final class RouteTableOperations implements Ec2Operations.Group {
  private static final Ec2Listing<RouteTable> LISTING =
      new Ec2Listing<RouteTable>(
              "routeTable", NetworkError.ROUTE_TABLE_NOT_FOUND, it -> it.id().value())
          .on("route-table-id", RouteTable::id)
          .on("vpc-id", RouteTable::vpc)
          .on("owner-id", table -> table.realm().account())
          .onAny(
              "association.route-table-association-id",
              table -> table.associations().stream().map(RouteTable.Association::id))
          .onAny("association.route-table-id", table -> Stream.of(table.id().value()))
          .onAny(
              "association.subnet-id",
              table ->
                  table.associations().stream()
                      .flatMap(it -> it.subnets().stream())
                      .map(SubnetId::value))
          .onAny(
              "association.main",
              table -> table.associations().stream().map(it -> Boolean.toString(it.isMain())))
          .onAny("route.destination-cidr-block", table -> RouteTableShape.destinations(table, true))
          .onAny(
              "route.destination-ipv6-cidr-block",
              table -> RouteTableShape.destinations(table, false))
          .onAny("route.gateway-id", RouteTableShape::targets)
          .onAny("route.nat-gateway-id", RouteTableShape::targets)
          .onAny("route.egress-only-internet-gateway-id", RouteTableShape::targets);

  private final NetworkQueries queries;

  public RouteTableOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations.look(DescribeRouteTablesRequest.class, this::describe);
  }

  private DescribeRouteTablesResponse describe(
      CallContext context, DescribeRouteTablesRequest request) throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<RouteTable> page =
        LISTING.page(
            view,
            view.all(NetworkKind.ROUTE_TABLE),
            new Ec2Listing.Request(
                request.routeTableIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeRouteTablesResponse.builder()
        .routeTables(page.items().stream().map(table -> RouteTableShape.of(view, table)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }
}
