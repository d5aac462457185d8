package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.VpcEndpointCommands;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.VpcEndpoint;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointsResponse;

/** VPC endpoints, shown. */
public final class VpcEndpointOperations implements Ec2Operations.Group {
  private static final Ec2Listing<VpcEndpoint> LISTING =
      new Ec2Listing<VpcEndpoint>(
              "Vpc Endpoint", NetworkError.VPC_ENDPOINT_NOT_FOUND, it -> it.id().value())
          .saying("The Vpc Endpoint Id '%s' does not exist")
          .on("vpc-endpoint-id", VpcEndpoint::id)
          .on("vpc-endpoint-state", _ -> VpcEndpointShape.STATE)
          .on("vpc-endpoint-type", _ -> VpcEndpointCommands.TYPE)
          .on("vpc-id", VpcEndpoint::vpc)
          .on("service-name", VpcEndpoint::serviceName)
          .on("service-region", it -> it.realm().region())
          .on("ip-address-type", _ -> VpcEndpointShape.ADDRESS_TYPE);

  private final NetworkQueries queries;

  public VpcEndpointOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations.look(DescribeVpcEndpointsRequest.class, this::describe);
  }

  private DescribeVpcEndpointsResponse describe(
      CallContext context, DescribeVpcEndpointsRequest request) throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<VpcEndpoint> page =
        LISTING.page(
            view,
            view.all(NetworkKind.VPC_ENDPOINT),
            new Ec2Listing.Request(
                request.vpcEndpointIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeVpcEndpointsResponse.builder()
        .vpcEndpoints(page.items().stream().map(it -> VpcEndpointShape.of(view, it)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }
}
