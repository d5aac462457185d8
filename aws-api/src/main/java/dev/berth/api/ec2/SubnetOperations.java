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
import dev.berth.model.network.Subnet;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;

/** Subnets. */
public final class SubnetOperations implements Ec2Operations.Group {
  private static final Ec2Listing<Subnet> LISTING =
      new Ec2Listing<Subnet>("subnet", NetworkError.SUBNET_NOT_FOUND, it -> it.id().value())
          .on("subnet-id", Subnet::id)
          .on("vpc-id", Subnet::vpc)
          .on("state", _ -> "available")
          .on("owner-id", subnet -> subnet.realm().account())
          .on("subnet-arn", SubnetShape::arn)
          .on("availability-zone", Subnet::zoneName)
          .on("availabilityZone", Subnet::zoneName)
          .on("availability-zone-id", it -> SubnetShape.zoneId(it.realm(), it.zone()))
          .on("availabilityZoneId", it -> SubnetShape.zoneId(it.realm(), it.zone()))
          .on("cidr-block", Subnet::cidr)
          .on("cidr", Subnet::cidr)
          .on("cidrBlock", Subnet::cidr)
          .on("default-for-az", Subnet::defaultForZone)
          .on("defaultForAz", Subnet::defaultForZone)
          .on("map-public-ip-on-launch", Subnet::mapPublicIp)
          .on("ipv6-native", _ -> false)
          .onAny(
              "ipv6-cidr-block-association.ipv6-cidr-block",
              subnet -> subnet.ipv6Cidr().stream().map(Cidr::toString));

  private final NetworkQueries queries;

  public SubnetOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations.look(DescribeSubnetsRequest.class, this::describe);
  }

  private DescribeSubnetsResponse describe(CallContext context, DescribeSubnetsRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<Subnet> page =
        LISTING.page(
            view,
            view.all(NetworkKind.SUBNET),
            new Ec2Listing.Request(
                request.subnetIds(), request.filters(), request.maxResults(), request.nextToken()));
    return DescribeSubnetsResponse.builder()
        .subnets(page.items().stream().map(subnet -> SubnetShape.of(view, subnet)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }
}
