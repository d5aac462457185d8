package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcId;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcAttributeResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsResponse;

/** VPCs and their attributes. */
public final class VpcOperations implements Ec2Operations.Group {
  private static final Ec2Listing<Vpc> LISTING =
      new Ec2Listing<Vpc>("vpc", NetworkError.VPC_NOT_FOUND, vpc -> vpc.id().value())
          .on("vpc-id", Vpc::id)
          .on("state", _ -> "available")
          .on("is-default", Vpc::isDefault)
          .on("isDefault", Vpc::isDefault)
          .on("owner-id", vpc -> vpc.realm().account())
          .on("dhcp-options-id", vpc -> VpcShape.dhcpOptionsId(vpc.realm()))
          .on("cidr", vpc -> vpc.cidrs().getFirst())
          .on("cidr-block", vpc -> vpc.cidrs().getFirst())
          .onAny("cidr-block-association.cidr-block", vpc -> VpcShape.cidrs(vpc).stream())
          .onAny("cidr-block-association.state", _ -> Stream.of("associated"))
          .onAny(
              "cidr-block-association.association-id",
              vpc -> vpc.cidrs().stream().map(it -> VpcShape.associationId(vpc.id(), it)))
          .onAny(
              "ipv6-cidr-block-association.ipv6-cidr-block",
              vpc -> vpc.ipv6Cidr().stream().map(Cidr::toString))
          .onAny(
              "ipv6-cidr-block-association.association-id",
              vpc -> vpc.ipv6Cidr().stream().map(it -> VpcShape.associationId(vpc.id(), it)));

  private final NetworkQueries queries;

  public VpcOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .look(DescribeVpcsRequest.class, this::describe)
        .look(DescribeVpcAttributeRequest.class, this::describeAttribute);
  }

  private DescribeVpcsResponse describe(CallContext context, DescribeVpcsRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<Vpc> page =
        LISTING.page(
            view,
            view.all(NetworkKind.VPC),
            new Ec2Listing.Request(
                request.vpcIds(), request.filters(), request.maxResults(), request.nextToken()));
    return DescribeVpcsResponse.builder()
        .vpcs(page.items().stream().map(vpc -> VpcShape.of(view, vpc)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private DescribeVpcAttributeResponse describeAttribute(
      CallContext context, DescribeVpcAttributeRequest request) throws NetworkRefused {
    Vpc vpc = vpc(queries.of(context.realm()), request.vpcId());
    var response = DescribeVpcAttributeResponse.builder().vpcId(vpc.id().value());
    return switch (String.valueOf(request.attributeAsString())) {
      case "enableDnsSupport" -> response.enableDnsSupport(value(vpc.dnsSupport())).build();
      case "enableDnsHostnames" -> response.enableDnsHostnames(value(vpc.dnsHostnames())).build();
      case "enableNetworkAddressUsageMetrics" ->
          response.enableNetworkAddressUsageMetrics(value(false)).build();
      case String other ->
          throw new NetworkRefused(
              NetworkError.INVALID_PARAMETER_VALUE,
              "Value (%s) for parameter attribute is invalid.".formatted(other));
    };
  }

  private static AttributeBooleanValue value(boolean value) {
    return AttributeBooleanValue.builder().value(value).build();
  }

  private static Vpc vpc(NetworkView view, String id) throws NetworkRefused {
    return (VpcId.isForm(id) ? view.find(NetworkKind.VPC, new VpcId(id)) : Optional.<Vpc>empty())
        .orElseThrow(
            () ->
                new NetworkRefused(
                    NetworkError.VPC_NOT_FOUND, "The vpc ID '%s' does not exist".formatted(id)));
  }
}
