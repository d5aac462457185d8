package dev.berth.api.ec2;

import static java.util.Objects.requireNonNullElse;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.Once;
import dev.berth.control.command.vpc.VpcEndpointCommands;
import dev.berth.control.query.NetworkQueries;
import dev.berth.model.network.VpcEndpoint;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointResponse;
import software.amazon.awssdk.services.ec2.model.DeleteVpcEndpointsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVpcEndpointsResponse;
import software.amazon.awssdk.services.ec2.model.DnsOptionsSpecification;
import software.amazon.awssdk.services.ec2.model.ModifyVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.ModifyVpcEndpointResponse;
import software.amazon.awssdk.services.ec2.model.UnsuccessfulItem;
import software.amazon.awssdk.services.ec2.model.UnsuccessfulItemError;

/** VPC endpoints made, changed and removed. */
public final class VpcEndpointChanges implements Ec2Operations.Group {
  private final VpcEndpointCommands commands;
  private final NetworkQueries queries;

  public VpcEndpointChanges(VpcEndpointCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateVpcEndpointRequest.class, this::create)
        .change(ModifyVpcEndpointRequest.class, this::modify)
        .change(DeleteVpcEndpointsRequest.class, this::delete);
  }

  private CreateVpcEndpointResponse create(CallContext context, CreateVpcEndpointRequest request)
      throws NetworkRefused {
    if (request.resourceConfigurationArn() != null || request.serviceNetworkArn() != null) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED, "Berth has endpoints of AWS's own services alone.");
    }
    checkAddresses(
        request.ipAddressTypeAsString(), request.hasSubnetConfigurations(), request.dnsOptions());
    if (request.serviceName() == null) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER, "The request must contain the parameter ServiceName");
    }
    if (!requireNonNullElse(request.serviceRegion(), context.realm().region().value())
        .equals(context.realm().region().value())) {
      throw VpcEndpointCommands.noService(request.serviceName());
    }
    checkTables(request.hasRouteTableIds(), request.vpcEndpointTypeAsString());
    VpcEndpoint endpoint =
        commands.create(
            context.realm(),
            new VpcEndpointCommands.Wish(
                request.vpcId(),
                request.serviceName(),
                requireNonNullElse(request.vpcEndpointTypeAsString(), "Gateway"),
                request.subnetIds(),
                request.securityGroupIds(),
                requireNonNullElse(request.privateDnsEnabled(), true),
                policy(request.policyDocument()),
                Ec2Tags.of(request.tagSpecifications(), "vpc-endpoint")),
            new Once(
                "CreateVpcEndpoint",
                Optional.ofNullable(request.clientToken()),
                request.toBuilder().clientToken(null).build().toString()));
    return CreateVpcEndpointResponse.builder()
        .clientToken(request.clientToken())
        .vpcEndpoint(VpcEndpointShape.of(queries.of(context.realm()), endpoint))
        .build();
  }

  private static void checkTables(boolean hasTables, @Nullable String type) throws NetworkRefused {
    if (hasTables && VpcEndpointCommands.TYPE.equals(type)) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER,
          "Route table IDs are only supported for Gateway type VPC Endpoint.");
    }
  }

  private static void checkAddresses(
      @Nullable String type, boolean hasFixedOnes, @Nullable DnsOptionsSpecification dns)
      throws NetworkRefused {
    boolean isPlain =
        dns == null
            || (requireNonNullElse(dns.dnsRecordIpTypeAsString(), VpcEndpointShape.ADDRESS_TYPE)
                    .equals(VpcEndpointShape.ADDRESS_TYPE)
                && !requireNonNullElse(dns.privateDnsOnlyForInboundResolverEndpoint(), false));
    if (!requireNonNullElse(type, VpcEndpointShape.ADDRESS_TYPE)
            .equals(VpcEndpointShape.ADDRESS_TYPE)
        || hasFixedOnes
        || !isPlain) {
      throw new NetworkRefused(
          NetworkError.UNSUPPORTED,
          "A VPC endpoint has one IPv4 address in each subnet, which Berth chooses.");
    }
  }

  private static Optional<String> policy(@Nullable String document) {
    return Optional.ofNullable(document).filter(text -> !text.isBlank());
  }

  private ModifyVpcEndpointResponse modify(CallContext context, ModifyVpcEndpointRequest request)
      throws NetworkRefused {
    checkAddresses(
        request.ipAddressTypeAsString(), request.hasSubnetConfigurations(), request.dnsOptions());
    checkTables(
        request.hasAddRouteTableIds() || request.hasRemoveRouteTableIds(),
        VpcEndpointCommands.TYPE);
    Optional<String> policy = policy(request.policyDocument());
    boolean isReset = requireNonNullElse(request.resetPolicy(), false);
    if (isReset && policy.isPresent()) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_COMBINATION,
          "The parameter PolicyDocument cannot be used with the parameter ResetPolicy");
    }
    commands.modify(
        context.realm(),
        request.vpcEndpointId(),
        new VpcEndpointCommands.Change(
            request.addSubnetIds(),
            request.removeSubnetIds(),
            request.addSecurityGroupIds(),
            request.removeSecurityGroupIds(),
            Optional.ofNullable(request.privateDnsEnabled()),
            isReset || policy.isPresent() ? Optional.of(policy) : Optional.empty()));
    return ModifyVpcEndpointResponse.builder().returnValue(true).build();
  }

  /** Of several, those that are there go; the others are named in the answer. */
  private DeleteVpcEndpointsResponse delete(
      CallContext context, DeleteVpcEndpointsRequest request) {
    var failed = new ArrayList<UnsuccessfulItem>();
    for (String id : request.vpcEndpointIds()) {
      try {
        commands.delete(context.realm(), id);
      } catch (NetworkRefused refused) {
        failed.add(
            UnsuccessfulItem.builder()
                .resourceId(id)
                .error(
                    UnsuccessfulItemError.builder()
                        .code(refused.error().wireName())
                        .message(refused.text())
                        .build())
                .build());
      }
    }
    return DeleteVpcEndpointsResponse.builder().unsuccessful(failed).build();
  }
}
