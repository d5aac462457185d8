package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.VpcCommands;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AssociateVpcCidrBlockRequest;
import software.amazon.awssdk.services.ec2.model.AssociateVpcCidrBlockResponse;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.CreateDefaultSubnetRequest;
import software.amazon.awssdk.services.ec2.model.CreateDefaultSubnetResponse;
import software.amazon.awssdk.services.ec2.model.CreateDefaultVpcRequest;
import software.amazon.awssdk.services.ec2.model.CreateDefaultVpcResponse;
import software.amazon.awssdk.services.ec2.model.CreateVpcRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcResponse;
import software.amazon.awssdk.services.ec2.model.DeleteVpcRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVpcResponse;
import software.amazon.awssdk.services.ec2.model.DisassociateVpcCidrBlockRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateVpcCidrBlockResponse;
import software.amazon.awssdk.services.ec2.model.ModifyVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ModifyVpcAttributeResponse;

/** VPCs made, changed and removed. */
public final class VpcChanges implements Ec2Operations.Group {
  private final VpcCommands commands;
  private final NetworkQueries queries;

  public VpcChanges(VpcCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateVpcRequest.class, this::create)
        .change(CreateDefaultVpcRequest.class, this::createDefault)
        .change(CreateDefaultSubnetRequest.class, this::createDefaultSubnet)
        .change(DeleteVpcRequest.class, this::delete)
        .change(ModifyVpcAttributeRequest.class, this::modify)
        .change(AssociateVpcCidrBlockRequest.class, this::associate)
        .change(DisassociateVpcCidrBlockRequest.class, this::disassociate);
  }

  private CreateVpcResponse create(CallContext context, CreateVpcRequest request)
      throws NetworkRefused {
    if (request.cidrBlock() == null) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER, "The request must contain the parameter cidrBlock.");
    }
    Vpc vpc =
        commands.create(
            context.realm(),
            new VpcCommands.Wish(
                request.cidrBlock(),
                Boolean.TRUE.equals(request.amazonProvidedIpv6CidrBlock()),
                Optional.ofNullable(request.instanceTenancyAsString()),
                Ec2Tags.of(request.tagSpecifications(), "vpc")));
    return CreateVpcResponse.builder().vpc(VpcShape.of(queries.of(context.realm()), vpc)).build();
  }

  private CreateDefaultVpcResponse createDefault(
      CallContext context, CreateDefaultVpcRequest request) throws NetworkRefused {
    Vpc vpc = commands.createDefault(context.realm());
    return CreateDefaultVpcResponse.builder()
        .vpc(VpcShape.of(queries.of(context.realm()), vpc))
        .build();
  }

  private CreateDefaultSubnetResponse createDefaultSubnet(
      CallContext context, CreateDefaultSubnetRequest request) throws NetworkRefused {
    Subnet subnet =
        commands.createDefaultSubnet(context.realm(), String.valueOf(request.availabilityZone()));
    return CreateDefaultSubnetResponse.builder()
        .subnet(SubnetShape.of(queries.of(context.realm()), subnet))
        .build();
  }

  private DeleteVpcResponse delete(CallContext context, DeleteVpcRequest request)
      throws NetworkRefused {
    commands.delete(context.realm(), request.vpcId());
    return DeleteVpcResponse.builder().build();
  }

  private ModifyVpcAttributeResponse modify(CallContext context, ModifyVpcAttributeRequest request)
      throws NetworkRefused {
    if (request.enableNetworkAddressUsageMetrics() != null
        && Boolean.TRUE.equals(request.enableNetworkAddressUsageMetrics().value())) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED,
          "enableNetworkAddressUsageMetrics: Berth keeps no such metrics yet.");
    }
    commands.modifyDns(
        context.realm(),
        request.vpcId(),
        value(request.enableDnsSupport()),
        value(request.enableDnsHostnames()));
    return ModifyVpcAttributeResponse.builder().build();
  }

  private static Optional<Boolean> value(@Nullable AttributeBooleanValue attribute) {
    return Optional.ofNullable(attribute).map(AttributeBooleanValue::value);
  }

  private AssociateVpcCidrBlockResponse associate(
      CallContext context, AssociateVpcCidrBlockRequest request) throws NetworkRefused {
    Realm realm = context.realm();
    boolean isIpv6 = Boolean.TRUE.equals(request.amazonProvidedIpv6CidrBlock());
    if (!isIpv6 && request.cidrBlock() == null) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER,
          "The request must contain cidrBlock or amazonProvidedIpv6CidrBlock.");
    }
    Cidr cidr =
        isIpv6
            ? commands.addIpv6Range(realm, request.vpcId())
            : commands.addRange(realm, request.vpcId(), request.cidrBlock());
    Vpc vpc = queries.of(realm).find(NetworkKind.VPC, new VpcId(request.vpcId())).orElseThrow();
    var response = AssociateVpcCidrBlockResponse.builder().vpcId(request.vpcId());
    return isIpv6
        ? response.ipv6CidrBlockAssociation(VpcShape.ipv6Association(vpc, cidr)).build()
        : response.cidrBlockAssociation(VpcShape.association(vpc, cidr)).build();
  }

  private DisassociateVpcCidrBlockResponse disassociate(
      CallContext context, DisassociateVpcCidrBlockRequest request) throws NetworkRefused {
    NetworkView view = queries.of(context.realm());
    for (Vpc vpc : view.all(NetworkKind.VPC).toList()) {
      Optional<Cidr> cidr = VpcShape.associated(vpc, request.associationId());
      if (cidr.isPresent()) {
        commands.removeRange(context.realm(), vpc.id(), cidr.get());
        return DisassociateVpcCidrBlockResponse.builder().vpcId(vpc.id().value()).build();
      }
    }
    throw new NetworkRefused(
        NetworkError.CIDR_ASSOCIATION_NOT_FOUND,
        "The vpc CIDR block association ID '%s' does not exist".formatted(request.associationId()));
  }
}
