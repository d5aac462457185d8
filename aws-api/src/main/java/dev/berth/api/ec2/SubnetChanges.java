package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.SubnetCommands;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.query.NetworkQueries;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Subnet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.CreateSubnetRequest;
import software.amazon.awssdk.services.ec2.model.CreateSubnetResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSubnetRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSubnetResponse;
import software.amazon.awssdk.services.ec2.model.ModifySubnetAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ModifySubnetAttributeResponse;

/** Subnets made, changed and removed. */
public final class SubnetChanges implements Ec2Operations.Group {
  private final SubnetCommands commands;
  private final NetworkQueries queries;

  public SubnetChanges(SubnetCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateSubnetRequest.class, this::create)
        .change(DeleteSubnetRequest.class, this::delete)
        .change(ModifySubnetAttributeRequest.class, this::modify);
  }

  private CreateSubnetResponse create(CallContext context, CreateSubnetRequest request)
      throws NetworkRefused {
    if (request.cidrBlock() == null) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER, "The request must contain the parameter cidrBlock.");
    }
    Subnet subnet =
        commands.create(
            context.realm(),
            new SubnetCommands.Wish(
                request.vpcId(),
                request.cidrBlock(),
                Optional.ofNullable(request.ipv6CidrBlock()),
                zone(context.realm(), request),
                Ec2Tags.of(request.tagSpecifications(), "subnet")));
    return CreateSubnetResponse.builder()
        .subnet(SubnetShape.of(queries.of(context.realm()), subnet))
        .build();
  }

  /** The zone's name, which may be given by its id. */
  private static Optional<String> zone(Realm realm, CreateSubnetRequest request)
      throws NetworkRefused {
    if (request.availabilityZoneId() == null) {
      return Optional.ofNullable(request.availabilityZone());
    }
    for (String letter : StandardNetwork.ZONES) {
      if (SubnetShape.zoneId(realm, letter).equals(request.availabilityZoneId())) {
        return Optional.of(realm.region() + letter);
      }
    }
    throw new NetworkRefused(
        NetworkError.INVALID_PARAMETER_VALUE,
        "Value (%s) for parameter availabilityZoneId is invalid."
            .formatted(request.availabilityZoneId()));
  }

  private DeleteSubnetResponse delete(CallContext context, DeleteSubnetRequest request)
      throws NetworkRefused {
    commands.delete(context.realm(), request.subnetId());
    return DeleteSubnetResponse.builder().build();
  }

  private ModifySubnetAttributeResponse modify(
      CallContext context, ModifySubnetAttributeRequest request) throws NetworkRefused {
    List<Optional<Boolean>> unbuilt =
        Stream.of(
                request.enableDns64(),
                request.mapCustomerOwnedIpOnLaunch(),
                request.enableResourceNameDnsARecordOnLaunch(),
                request.enableResourceNameDnsAAAARecordOnLaunch())
            .map(SubnetChanges::value)
            .toList();
    if (unbuilt.contains(Optional.of(true))
        || "resource-name".equals(request.privateDnsHostnameTypeOnLaunchAsString())) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED,
          "Of a subnet's attributes Berth has mapPublicIpOnLaunch and assignIpv6AddressOnCreation.");
    }
    commands.modify(
        context.realm(),
        request.subnetId(),
        value(request.mapPublicIpOnLaunch()),
        value(request.assignIpv6AddressOnCreation()));
    return ModifySubnetAttributeResponse.builder().build();
  }

  private static Optional<Boolean> value(@Nullable AttributeBooleanValue attribute) {
    return Optional.ofNullable(attribute).map(AttributeBooleanValue::value);
  }
}
