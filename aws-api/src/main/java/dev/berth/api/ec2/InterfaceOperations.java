package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.HeldInterface;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupId;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;

/** Network interfaces: those of tasks and gateways, and those made by themselves. */
public final class InterfaceOperations implements Ec2Operations.Group {
  private final NetworkQueries queries;

  public InterfaceOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  private static Ec2Listing<HeldInterface> listing(NetworkView view) {
    return new Ec2Listing<HeldInterface>(
            "networkInterface", NetworkError.INTERFACE_NOT_FOUND, it -> it.eni().id().value())
        .on("network-interface-id", it -> it.eni().id())
        .on("vpc-id", it -> it.eni().vpc())
        .on("subnet-id", it -> it.eni().subnet())
        .on("availability-zone", it -> InterfaceShape.zone(view, it.eni()))
        .on("description", it -> InterfaceShape.description(view, it))
        .on("interface-type", InterfaceShape::interfaceType)
        .on("mac-address", it -> it.eni().macAddress())
        .on("owner-id", it -> it.realm().account())
        .on("private-ip-address", it -> it.eni().privateAddress())
        .on("addresses.private-ip-address", it -> it.eni().privateAddress())
        .on("private-dns-name", it -> it.eni().privateDnsName())
        .on("requester-managed", InterfaceShape::isRequesterManaged)
        .on("status", InterfaceShape::status)
        .on("attachment.status", it -> InterfaceShape.isRequesterManaged(it) ? "attached" : "")
        .onAny("group-id", it -> it.eni().groups().stream().map(SecurityGroupId::value))
        .onAny("association.public-ip", InterfaceOperations::publicAddress)
        .onAny("addresses.association.public-ip", InterfaceOperations::publicAddress)
        .onAny(
            "ipv6-addresses.ipv6-address",
            it -> it.eni().ipv6Address().stream().map(IpAddress::value));
  }

  private static Stream<String> publicAddress(HeldInterface held) {
    return held.eni().publicAddress().stream().map(IpAddress::value);
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations.look(DescribeNetworkInterfacesRequest.class, this::describe);
  }

  private DescribeNetworkInterfacesResponse describe(
      CallContext context, DescribeNetworkInterfacesRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<HeldInterface> page =
        listing(view)
            .page(
                view,
                view.interfaces(),
                new Ec2Listing.Request(
                    request.networkInterfaceIds(),
                    request.filters(),
                    request.maxResults(),
                    request.nextToken()));
    return DescribeNetworkInterfacesResponse.builder()
        .networkInterfaces(page.items().stream().map(it -> InterfaceShape.of(view, it)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }
}
