package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.VpcId;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysResponse;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;

/** Internet gateways. */
public final class GatewayOperations implements Ec2Operations.Group {
  private static final Ec2Listing<InternetGateway> LISTING =
      new Ec2Listing<InternetGateway>(
              "internetGateway", NetworkError.INTERNET_GATEWAY_NOT_FOUND, it -> it.id().value())
          .on("internet-gateway-id", InternetGateway::id)
          .on("owner-id", gateway -> gateway.realm().account())
          .onAny("attachment.vpc-id", gateway -> gateway.vpc().stream().map(VpcId::value))
          .onAny("attachment.state", gateway -> gateway.vpc().stream().map(_ -> "available"));

  private final NetworkQueries queries;

  public GatewayOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations.look(DescribeInternetGatewaysRequest.class, this::describe);
  }

  private DescribeInternetGatewaysResponse describe(
      CallContext context, DescribeInternetGatewaysRequest request) throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<InternetGateway> page =
        LISTING.page(
            view,
            view.all(NetworkKind.INTERNET_GATEWAY),
            new Ec2Listing.Request(
                request.internetGatewayIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeInternetGatewaysResponse.builder()
        .internetGateways(page.items().stream().map(gateway -> shape(view, gateway)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  static software.amazon.awssdk.services.ec2.model.InternetGateway shape(
      NetworkView view, InternetGateway gateway) {
    return software.amazon.awssdk.services.ec2.model.InternetGateway.builder()
        .internetGatewayId(gateway.id().value())
        .ownerId(gateway.realm().account().value())
        .attachments(
            gateway.vpc().stream()
                .map(
                    vpc ->
                        InternetGatewayAttachment.builder()
                            .vpcId(vpc.value())
                            .state("available")
                            .build())
                .toList())
        .tags(Ec2Tags.of(view.tags(gateway.id().value())))
        .build();
  }
}
