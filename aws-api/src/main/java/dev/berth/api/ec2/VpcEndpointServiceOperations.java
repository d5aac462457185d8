package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.VpcEndpointCommands;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.Page;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.VpcEndpoint;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointServicesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointServicesResponse;
import software.amazon.awssdk.services.ec2.model.PrivateDnsDetails;
import software.amazon.awssdk.services.ec2.model.ServiceDetail;
import software.amazon.awssdk.services.ec2.model.ServiceTypeDetail;

/** The services that can have endpoints in VPCs: all that Berth serves, each in every zone. */
public final class VpcEndpointServiceOperations implements Ec2Operations.Group {
  private static final String OWNER = "amazon";

  private final Set<String> services;
  private final NetworkQueries queries;

  /**
   * @param services those that are served, as their endpoints' names end
   */
  public VpcEndpointServiceOperations(Set<String> services, NetworkQueries queries) {
    this.services = Set.copyOf(services);
    this.queries = queries;
  }

  private static Ec2Listing<String> listing(Realm realm) {
    return new Ec2Listing<String>(
            "Vpc Endpoint Service",
            NetworkError.INVALID_SERVICE_NAME,
            service -> VpcEndpoint.serviceName(realm, service))
        .saying("The Vpc Endpoint Service '%s' does not exist")
        .on("service-name", service -> VpcEndpoint.serviceName(realm, service))
        .on("service-type", _ -> VpcEndpointCommands.TYPE)
        .on("service-region", _ -> realm.region())
        .on("owner", _ -> OWNER)
        .on("supported-ip-address-types", _ -> VpcEndpointShape.ADDRESS_TYPE);
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations.look(DescribeVpcEndpointServicesRequest.class, this::describe);
  }

  private DescribeVpcEndpointServicesResponse describe(
      CallContext context, DescribeVpcEndpointServicesRequest request)
      throws NetworkRefused, Refused {
    Realm realm = context.realm();
    Page<String> page =
        listing(realm)
            .page(
                queries.of(realm),
                services.stream(),
                new Ec2Listing.Request(
                    request.serviceNames(),
                    request.filters(),
                    request.maxResults(),
                    request.nextToken()));
    return DescribeVpcEndpointServicesResponse.builder()
        .serviceNames(page.items().stream().map(it -> VpcEndpoint.serviceName(realm, it)).toList())
        .serviceDetails(page.items().stream().map(it -> detail(realm, it)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static ServiceDetail detail(Realm realm, String service) {
    String region = realm.region().value();
    String privateName = VpcEndpoint.privateName(realm, service);
    return ServiceDetail.builder()
        .serviceName(VpcEndpoint.serviceName(realm, service))
        .serviceId("vpce-svc-" + VpcShape.derived("service/" + realm.region() + "/" + service))
        .serviceType(ServiceTypeDetail.builder().serviceType(VpcEndpointCommands.TYPE).build())
        .serviceRegion(region)
        .availabilityZones(StandardNetwork.ZONES.stream().map(zone -> region + zone).toList())
        .availabilityZoneIds(
            StandardNetwork.ZONES.stream().map(zone -> SubnetShape.zoneId(realm, zone)).toList())
        .owner(OWNER)
        .baseEndpointDnsNames(service + "." + region + ".vpce.amazonaws.com")
        .privateDnsName(privateName)
        .privateDnsNames(PrivateDnsDetails.builder().privateDnsName(privateName).build())
        .privateDnsNameVerificationState("verified")
        .vpcEndpointPolicySupported(true)
        .acceptanceRequired(false)
        .managesVpcEndpoints(false)
        .supportedIpAddressTypesWithStrings(VpcEndpointShape.ADDRESS_TYPE)
        .tags(List.of())
        .build();
  }
}
