package dev.berth.api.ec2;

import dev.berth.control.command.vpc.EndpointPolicy;
import dev.berth.control.command.vpc.VpcEndpointCommands;
import dev.berth.control.query.NetworkView;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcPlan.DnsName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DnsEntry;
import software.amazon.awssdk.services.ec2.model.SecurityGroupIdentifier;

/** A VPC endpoint as EC2 shows it. */
final class VpcEndpointShape {
  /** It is ready as soon as it is there. */
  static final String STATE = "available";

  static final String ADDRESS_TYPE = "ipv4";

  private VpcEndpointShape() {}

  static software.amazon.awssdk.services.ec2.model.VpcEndpoint of(
      NetworkView view, VpcEndpoint endpoint) {
    return software.amazon.awssdk.services.ec2.model.VpcEndpoint.builder()
        .vpcEndpointId(endpoint.id().value())
        .vpcEndpointType(VpcEndpointCommands.TYPE)
        .vpcId(endpoint.vpc().value())
        .serviceName(endpoint.serviceName())
        .serviceRegion(endpoint.realm().region().value())
        .state(STATE)
        .policyDocument(endpoint.policy().orElse(EndpointPolicy.FULL_ACCESS))
        .routeTableIds(List.of())
        .subnetIds(endpoint.interfaces().stream().map(each -> each.eni().subnet().value()).toList())
        .groups(
            endpoint.groups().stream()
                .map(
                    id ->
                        SecurityGroupIdentifier.builder()
                            .groupId(id.value())
                            .groupName(
                                view.find(NetworkKind.SECURITY_GROUP, id)
                                    .map(SecurityGroup::name)
                                    .orElse(null))
                            .build())
                .toList())
        .ipAddressType(ADDRESS_TYPE)
        .dnsOptions(options -> options.dnsRecordIpType(ADDRESS_TYPE))
        .privateDnsEnabled(endpoint.privateDns())
        .requesterManaged(false)
        .networkInterfaceIds(
            endpoint.interfaces().stream().map(each -> each.eni().id().value()).toList())
        .dnsEntries(entries(endpoint))
        .creationTimestamp(endpoint.createdAt())
        .ownerId(endpoint.realm().account().value())
        .tags(Ec2Tags.of(view.tags(endpoint.id().value())))
        .build();
  }

  /** Its own names, that of all zones first, and the service's where that means it. */
  private static List<DnsEntry> entries(VpcEndpoint endpoint) {
    Stream<String> usual =
        endpoint.privateDns() ? Stream.of(endpoint.privateName()) : Stream.empty();
    return Stream.concat(endpoint.ownNames().stream().map(DnsName::name), usual)
        .map(name -> DnsEntry.builder().dnsName(name).hostedZoneId(zone(endpoint, name)).build())
        .toList();
  }

  /** A zone of the endpoint's own names, or the VPC's own for the service's name. */
  private static String zone(VpcEndpoint endpoint, String name) {
    String of = name.equals(endpoint.privateName()) ? endpoint.vpc() + "/" + name : "vpce";
    return "Z" + VpcShape.derived("zone/" + of).toUpperCase(Locale.ROOT);
  }
}
