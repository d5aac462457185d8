package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.AddressCommands;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.ElasticAddress;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.AddressAttribute;
import software.amazon.awssdk.services.ec2.model.AllocateAddressRequest;
import software.amazon.awssdk.services.ec2.model.AllocateAddressResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesAttributeRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesAttributeResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAddressesResponse;
import software.amazon.awssdk.services.ec2.model.ReleaseAddressRequest;
import software.amazon.awssdk.services.ec2.model.ReleaseAddressResponse;

/** Elastic addresses. */
public final class AddressOperations implements Ec2Operations.Group {
  private static final Ec2Listing<ElasticAddress> LISTING =
      new Ec2Listing<ElasticAddress>(
              "allocation", NetworkError.ALLOCATION_NOT_FOUND, it -> it.id().value())
          .on("allocation-id", ElasticAddress::id)
          .on("domain", _ -> "vpc")
          .on("public-ip", ElasticAddress::address)
          .onAny("association-id", it -> it.use().stream().map(ElasticAddress.Use::associationId))
          .onAny("network-interface-id", it -> it.use().stream().map(use -> use.eni().value()))
          .onAny(
              "private-ip-address",
              it -> it.use().stream().map(use -> use.privateAddress().value()));

  private final AddressCommands commands;
  private final NetworkQueries queries;

  public AddressOperations(AddressCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(AllocateAddressRequest.class, this::allocate)
        .change(ReleaseAddressRequest.class, this::release)
        .look(DescribeAddressesRequest.class, this::describe)
        .look(DescribeAddressesAttributeRequest.class, this::describeAttribute);
  }

  private AllocateAddressResponse allocate(CallContext context, AllocateAddressRequest request)
      throws NetworkRefused {
    if (request.address() != null || request.publicIpv4Pool() != null) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED, "Addresses come from the operator's one pool, any of them.");
    }
    ElasticAddress address =
        commands.allocate(context.realm(), Ec2Tags.of(request.tagSpecifications(), "elastic-ip"));
    return AllocateAddressResponse.builder()
        .allocationId(address.id().value())
        .publicIp(address.address().value())
        .publicIpv4Pool("amazon")
        .networkBorderGroup(context.realm().region().value())
        .domain("vpc")
        .build();
  }

  private ReleaseAddressResponse release(CallContext context, ReleaseAddressRequest request)
      throws NetworkRefused {
    if (request.allocationId() == null) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER, "The request must contain the parameter allocationId.");
    }
    commands.release(context.realm(), request.allocationId());
    return ReleaseAddressResponse.builder().build();
  }

  private DescribeAddressesResponse describe(CallContext context, DescribeAddressesRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<ElasticAddress> page =
        LISTING.page(
            view,
            view.all(NetworkKind.ELASTIC_ADDRESS)
                .filter(
                    it ->
                        request.publicIps().isEmpty()
                            || request.publicIps().contains(it.address().value())),
            new Ec2Listing.Request(request.allocationIds(), request.filters(), null, null));
    return DescribeAddressesResponse.builder()
        .addresses(page.items().stream().map(it -> shape(view, it)).toList())
        .build();
  }

  private static Address shape(NetworkView view, ElasticAddress address) {
    Address.Builder shape =
        Address.builder()
            .allocationId(address.id().value())
            .publicIp(address.address().value())
            .domain("vpc")
            .publicIpv4Pool("amazon")
            .networkBorderGroup(address.realm().region().value())
            .tags(Ec2Tags.of(view.tags(address.id().value())));
    address
        .use()
        .ifPresent(
            use ->
                shape
                    .associationId(use.associationId())
                    .networkInterfaceId(use.eni().value())
                    .networkInterfaceOwnerId(address.realm().account().value())
                    .privateIpAddress(use.privateAddress().value()));
    return shape.build();
  }

  /** The one attribute is a name of the owner's own, which Berth's resolver does not give out. */
  private DescribeAddressesAttributeResponse describeAttribute(
      CallContext context, DescribeAddressesAttributeRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<ElasticAddress> page =
        LISTING.page(
            view,
            view.all(NetworkKind.ELASTIC_ADDRESS),
            new Ec2Listing.Request(
                request.allocationIds(), List.of(), request.maxResults(), request.nextToken()));
    return DescribeAddressesAttributeResponse.builder()
        .addresses(
            page.items().stream()
                .map(
                    it ->
                        AddressAttribute.builder()
                            .allocationId(it.id().value())
                            .publicIp(it.address().value())
                            .build())
                .toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }
}
