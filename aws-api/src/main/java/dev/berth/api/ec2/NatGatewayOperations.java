package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.AddressCommands;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.Once;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.AllocationId;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.NatGateway;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateNatGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DeleteNatGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteNatGatewayResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNatGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.NatGatewayAddress;

/** NAT gateways. */
public final class NatGatewayOperations implements Ec2Operations.Group {
  private static final Ec2Listing<NatGateway> LISTING =
      new Ec2Listing<NatGateway>(
              "natGateway", NetworkError.NAT_GATEWAY_NOT_FOUND, it -> it.id().value())
          .on("nat-gateway-id", NatGateway::id)
          .on("state", NatGatewayOperations::state)
          .on("subnet-id", it -> it.eni().subnet())
          .on("vpc-id", it -> it.eni().vpc());

  private final AddressCommands commands;
  private final NetworkQueries queries;

  public NatGatewayOperations(AddressCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateNatGatewayRequest.class, this::create)
        .change(DeleteNatGatewayRequest.class, this::delete)
        .look(DescribeNatGatewaysRequest.class, this::describe);
  }

  private CreateNatGatewayResponse create(CallContext context, CreateNatGatewayRequest request)
      throws NetworkRefused {
    if ("private".equals(request.connectivityTypeAsString())
        || request.hasSecondaryAllocationIds()
        || request.privateIpAddress() != null) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED, "Berth has public NAT gateways with one address.");
    }
    if (request.allocationId() == null) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER, "The request must contain the parameter AllocationId.");
    }
    NatGateway gateway =
        commands.createNatGateway(
            context.realm(),
            String.valueOf(request.subnetId()),
            request.allocationId(),
            Ec2Tags.of(request.tagSpecifications(), "natgateway"),
            new Once(
                "CreateNatGateway",
                Optional.ofNullable(request.clientToken()),
                request.toBuilder().clientToken(null).build().toString()));
    return CreateNatGatewayResponse.builder()
        .clientToken(request.clientToken())
        .natGateway(shape(queries.of(context.realm()), gateway))
        .build();
  }

  private DeleteNatGatewayResponse delete(CallContext context, DeleteNatGatewayRequest request)
      throws NetworkRefused {
    commands.deleteNatGateway(context.realm(), request.natGatewayId());
    return DeleteNatGatewayResponse.builder().natGatewayId(request.natGatewayId()).build();
  }

  private DescribeNatGatewaysResponse describe(
      CallContext context, DescribeNatGatewaysRequest request) throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<NatGateway> page =
        LISTING.page(
            view,
            view.all(NetworkKind.NAT_GATEWAY),
            new Ec2Listing.Request(
                request.natGatewayIds(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return DescribeNatGatewaysResponse.builder()
        .natGateways(page.items().stream().map(it -> shape(view, it)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static String state(NatGateway gateway) {
    return gateway.deletedAt().isPresent() ? "deleted" : "available";
  }

  private static software.amazon.awssdk.services.ec2.model.NatGateway shape(
      NetworkView view, NatGateway gateway) {
    return software.amazon.awssdk.services.ec2.model.NatGateway.builder()
        .natGatewayId(gateway.id().value())
        .state(state(gateway))
        .connectivityType("public")
        .vpcId(gateway.eni().vpc().value())
        .subnetId(gateway.eni().subnet().value())
        .createTime(gateway.createdAt())
        .deleteTime(gateway.deletedAt().orElse(null))
        .natGatewayAddresses(
            NatGatewayAddress.builder()
                .allocationId(gateway.allocation().map(AllocationId::value).orElse(null))
                .networkInterfaceId(gateway.eni().id().value())
                .privateIp(gateway.eni().privateAddress().value())
                .publicIp(gateway.eni().publicAddress().map(IpAddress::value).orElse(null))
                .isPrimary(true)
                .status("succeeded")
                .build())
        .tags(Ec2Tags.of(view.tags(gateway.id().value())))
        .build();
  }
}
