package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.Once;
import dev.berth.control.command.vpc.RouteCommands;
import dev.berth.control.command.vpc.RouteTableCommands;
import dev.berth.control.query.NetworkQueries;
import dev.berth.model.network.RouteTable;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteResponse;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.DeleteRouteRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteResponse;
import software.amazon.awssdk.services.ec2.model.DeleteRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.DisassociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteResponse;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteTableAssociationRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteTableAssociationResponse;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociationState;

/** Route tables made and removed, used by subnets, and their routes changed. */
public final class RouteTableChanges implements Ec2Operations.Group {
  private final RouteTableCommands tables;
  private final RouteCommands routes;
  private final NetworkQueries queries;

  public RouteTableChanges(
      RouteTableCommands tables, RouteCommands routes, NetworkQueries queries) {
    this.tables = tables;
    this.routes = routes;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateRouteTableRequest.class, this::create)
        .change(DeleteRouteTableRequest.class, this::delete)
        .change(AssociateRouteTableRequest.class, this::associate)
        .change(DisassociateRouteTableRequest.class, this::disassociate)
        .change(ReplaceRouteTableAssociationRequest.class, this::replaceAssociation)
        .change(CreateRouteRequest.class, this::createRoute)
        .change(ReplaceRouteRequest.class, this::replaceRoute)
        .change(DeleteRouteRequest.class, this::deleteRoute);
  }

  private CreateRouteTableResponse create(CallContext context, CreateRouteTableRequest request)
      throws NetworkRefused {
    RouteTable table =
        tables.create(
            context.realm(),
            request.vpcId(),
            Ec2Tags.of(request.tagSpecifications(), "route-table"),
            new Once(
                "CreateRouteTable",
                Optional.ofNullable(request.clientToken()),
                request.toBuilder().clientToken(null).build().toString()));
    return CreateRouteTableResponse.builder()
        .routeTable(RouteTableShape.of(queries.of(context.realm()), table))
        .clientToken(request.clientToken())
        .build();
  }

  private DeleteRouteTableResponse delete(CallContext context, DeleteRouteTableRequest request)
      throws NetworkRefused {
    tables.delete(context.realm(), request.routeTableId());
    return DeleteRouteTableResponse.builder().build();
  }

  private AssociateRouteTableResponse associate(
      CallContext context, AssociateRouteTableRequest request) throws NetworkRefused {
    String id =
        tables.associate(
            context.realm(), request.routeTableId(), String.valueOf(request.subnetId()));
    return AssociateRouteTableResponse.builder()
        .associationId(id)
        .associationState(ASSOCIATED)
        .build();
  }

  private static final RouteTableAssociationState ASSOCIATED =
      RouteTableAssociationState.builder().state("associated").build();

  private DisassociateRouteTableResponse disassociate(
      CallContext context, DisassociateRouteTableRequest request) throws NetworkRefused {
    tables.disassociate(context.realm(), request.associationId());
    return DisassociateRouteTableResponse.builder().build();
  }

  private ReplaceRouteTableAssociationResponse replaceAssociation(
      CallContext context, ReplaceRouteTableAssociationRequest request) throws NetworkRefused {
    String id = tables.replace(context.realm(), request.associationId(), request.routeTableId());
    return ReplaceRouteTableAssociationResponse.builder()
        .newAssociationId(id)
        .associationState(ASSOCIATED)
        .build();
  }

  private CreateRouteResponse createRoute(CallContext context, CreateRouteRequest request)
      throws NetworkRefused {
    routes.create(
        context.realm(),
        new RouteCommands.Wish(
            request.routeTableId(),
            Optional.ofNullable(request.destinationCidrBlock()),
            Optional.ofNullable(request.destinationIpv6CidrBlock()),
            Optional.ofNullable(request.destinationPrefixListId()),
            gateway(request.gatewayId(), it -> !isEgressOnly(it)),
            Optional.ofNullable(request.natGatewayId()),
            Optional.ofNullable(request.egressOnlyInternetGatewayId())
                .or(() -> gateway(request.gatewayId(), RouteTableChanges::isEgressOnly))));
    return CreateRouteResponse.builder().returnValue(true).build();
  }

  private ReplaceRouteResponse replaceRoute(CallContext context, ReplaceRouteRequest request)
      throws NetworkRefused {
    routes.replace(
        context.realm(),
        new RouteCommands.Wish(
            request.routeTableId(),
            Optional.ofNullable(request.destinationCidrBlock()),
            Optional.ofNullable(request.destinationIpv6CidrBlock()),
            Optional.ofNullable(request.destinationPrefixListId()),
            gateway(request.gatewayId(), it -> !isEgressOnly(it)),
            Optional.ofNullable(request.natGatewayId()),
            Optional.ofNullable(request.egressOnlyInternetGatewayId())
                .or(() -> gateway(request.gatewayId(), RouteTableChanges::isEgressOnly))));
    return ReplaceRouteResponse.builder().build();
  }

  private static Optional<String> gateway(@Nullable String id, Predicate<String> isMeant) {
    return Optional.ofNullable(id).filter(isMeant);
  }

  private static boolean isEgressOnly(String gatewayId) {
    return gatewayId.startsWith("eigw-");
  }

  private DeleteRouteResponse deleteRoute(CallContext context, DeleteRouteRequest request)
      throws NetworkRefused {
    routes.delete(
        context.realm(),
        new RouteCommands.Wish(
            request.routeTableId(),
            Optional.ofNullable(request.destinationCidrBlock()),
            Optional.ofNullable(request.destinationIpv6CidrBlock()),
            Optional.ofNullable(request.destinationPrefixListId()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
    return DeleteRouteResponse.builder().build();
  }
}
