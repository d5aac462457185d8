package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.vpc.AddressCommands;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.Once;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.model.network.EniId;
import dev.berth.model.network.NetworkInterface;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.DeleteNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DeleteNetworkInterfaceResponse;

/** Interfaces made by themselves. */
public final class InterfaceChanges implements Ec2Operations.Group {
  private final AddressCommands commands;
  private final NetworkQueries queries;

  public InterfaceChanges(AddressCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateNetworkInterfaceRequest.class, this::create)
        .change(DeleteNetworkInterfaceRequest.class, this::delete);
  }

  private CreateNetworkInterfaceResponse create(
      CallContext context, CreateNetworkInterfaceRequest request) throws NetworkRefused {
    if (!request.privateIpAddresses().isEmpty()
        || request.secondaryPrivateIpAddressCount() != null
        || request.hasIpv4Prefixes()
        || request.hasIpv6Prefixes()) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED, "An interface has one private address in Berth.");
    }
    NetworkInterface made =
        commands.createInterface(
            context.realm(),
            new AddressCommands.InterfaceWish(
                request.subnetId(),
                request.groups(),
                Optional.ofNullable(request.privateIpAddress()),
                Objects.requireNonNullElse(request.description(), ""),
                Ec2Tags.of(request.tagSpecifications(), "network-interface")),
            new Once(
                "CreateNetworkInterface",
                Optional.ofNullable(request.clientToken()),
                request.toBuilder().clientToken(null).build().toString()));
    NetworkView view = queries.of(context.realm());
    return CreateNetworkInterfaceResponse.builder()
        .clientToken(request.clientToken())
        .networkInterface(
            view.find(new EniId(made.id().value()))
                .map(held -> InterfaceShape.of(view, held))
                .orElseThrow())
        .build();
  }

  private DeleteNetworkInterfaceResponse delete(
      CallContext context, DeleteNetworkInterfaceRequest request) throws NetworkRefused {
    commands.deleteInterface(context.realm(), request.networkInterfaceId());
    return DeleteNetworkInterfaceResponse.builder().build();
  }
}
