package dev.berth.api.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.DnsEntry;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.ServiceDetail;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetConfiguration;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.UnsuccessfulItem;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;

/** VPC endpoints as the SDK and the AWS CLI see them, where EC2 and ECS are served. */
class VpcEndpointsTest {
  private static final String ECS = "com.amazonaws.lab-9.ecs";

  private final Ec2Room room = new Ec2Room();
  private String vpc = "";
  private List<Subnet> subnets = List.of();

  @BeforeEach
  void look() {
    subnets = room.ec2.describeSubnets().subnets();
    vpc = subnets.getFirst().vpcId();
  }

  @AfterEach
  void close() {
    room.close();
  }

  private VpcEndpoint make(Consumer<CreateVpcEndpointRequest.Builder> more) {
    return room.ec2
        .createVpcEndpoint(
            it ->
                it.vpcId(vpc)
                    .serviceName(ECS)
                    .vpcEndpointType(VpcEndpointType.INTERFACE)
                    .applyMutation(more))
        .vpcEndpoint();
  }

  @Test
  void itIsShownAsAwsShowsIt() {
    VpcEndpoint made =
        make(
            it ->
                it.subnetIds(subnets.get(0).subnetId(), subnets.get(1).subnetId())
                    .tagSpecifications(tagged("Name", "api")));

    assertThat(made.stateAsString()).isEqualTo("available");
    assertThat(made.vpcEndpointType()).isEqualTo(VpcEndpointType.INTERFACE);
    assertThat(made.privateDnsEnabled()).isTrue();
    assertThat(made.policyDocument()).contains("\"Effect\": \"Allow\"");
    assertThat(made.groups()).extracting(it -> it.groupName()).containsExactly("default");
    assertThat(made.tags()).extracting(it -> it.value()).containsExactly("api");
    assertThat(made.dnsEntries()).extracting(DnsEntry::hostedZoneId).allMatch(it -> !it.isEmpty());
    String domain = ".ecs.lab-9.vpce.amazonaws.com";
    String first = made.dnsEntries().getFirst().dnsName();
    assertThat(first).matches(made.vpcEndpointId() + "-[a-z0-9]{8}" + domain);
    String stem = first.substring(0, first.length() - domain.length());
    assertThat(made.dnsEntries())
        .extracting(DnsEntry::dnsName)
        .containsExactly(
            first,
            stem + "-" + subnets.get(0).availabilityZone() + domain,
            stem + "-" + subnets.get(1).availabilityZone() + domain,
            "ecs.lab-9.amazonaws.com");
    assertThat(room.ec2.describeVpcEndpoints().vpcEndpoints()).containsExactly(made);

    List<NetworkInterface> interfaces =
        room.ec2
            .describeNetworkInterfaces(it -> it.filters(filter("interface-type", "vpc_endpoint")))
            .networkInterfaces();
    assertThat(interfaces)
        .extracting(NetworkInterface::networkInterfaceId)
        .containsExactlyInAnyOrderElementsOf(made.networkInterfaceIds());
    assertThat(interfaces)
        .allSatisfy(
            it -> {
              assertThat(it.interfaceType()).isEqualTo(NetworkInterfaceType.VPC_ENDPOINT);
              assertThat(it.requesterManaged()).isTrue();
              assertThat(it.description())
                  .isEqualTo("VPC Endpoint Interface " + made.vpcEndpointId());
            });
    assertThat(
            codeOf(
                () ->
                    room.ec2.deleteNetworkInterface(
                        it -> it.networkInterfaceId(made.networkInterfaceIds().getFirst()))))
        .isEqualTo("InvalidNetworkInterface.InUse");
  }

  @Test
  void filtersAndPagesAndWhatIsNotThere() {
    VpcEndpoint ecs = make(it -> it.tagSpecifications(tagged("team", "a")));
    VpcEndpoint ec2 = make(it -> it.serviceName("com.amazonaws.lab-9.ec2"));
    make(it -> it.privateDnsEnabled(false));

    assertThat(found("service-name", "*.ec2")).containsExactly(ec2.vpcEndpointId());
    assertThat(found("tag:team", "a")).containsExactly(ecs.vpcEndpointId());
    assertThat(found("vpc-endpoint-id", ecs.vpcEndpointId())).hasSize(1);
    assertThat(found("vpc-id", vpc)).hasSize(3);
    assertThat(found("vpc-endpoint-state", "available")).hasSize(3);
    assertThat(found("vpc-endpoint-state", "deleting")).isEmpty();
    assertThat(found("vpc-endpoint-type", "Gateway")).isEmpty();
    var seen = new ArrayList<String>();
    room.ec2
        .describeVpcEndpointsPaginator(it -> it.maxResults(2))
        .vpcEndpoints()
        .forEach(each -> seen.add(each.vpcEndpointId()));
    assertThat(seen).hasSize(3).doesNotHaveDuplicates();

    String unknown = "vpce-0123456789abcdef0";
    assertThat(messageOf(() -> room.ec2.describeVpcEndpoints(it -> it.vpcEndpointIds(unknown))))
        .isEqualTo(
            "InvalidVpcEndpointId.NotFound The Vpc Endpoint Id '%s' does not exist", unknown);
    List<UnsuccessfulItem> failed =
        room.ec2
            .deleteVpcEndpoints(it -> it.vpcEndpointIds(unknown, ecs.vpcEndpointId()))
            .unsuccessful();
    assertThat(failed).extracting(UnsuccessfulItem::resourceId).containsExactly(unknown);
    assertThat(failed.getFirst().error().code()).isEqualTo("InvalidVpcEndpointId.NotFound");
    assertThat(found("service-name", ECS)).hasSize(1).doesNotContain(ecs.vpcEndpointId());
    assertThat(room.ec2.describeTags().tags()).isEmpty();
  }

  @Test
  void theServicesAreThoseThatAreServed() {
    assertThat(room.ec2.describeVpcEndpointServices().serviceNames())
        .containsExactly("com.amazonaws.lab-9.ec2", ECS);
    ServiceDetail detail =
        room.ec2
            .describeVpcEndpointServices(
                it -> it.serviceNames(ECS).filters(filter("service-type", "Interface")))
            .serviceDetails()
            .getFirst();
    assertThat(detail.privateDnsName()).isEqualTo("ecs.lab-9.amazonaws.com");
    assertThat(detail.availabilityZones()).containsExactly("lab-9a", "lab-9b", "lab-9c");
    assertThat(detail.serviceType())
        .extracting(it -> it.serviceTypeAsString())
        .containsExactly("Interface");
    String s3 = "com.amazonaws.lab-9.s3";
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> room.ec2.describeVpcEndpointServices(it -> it.serviceNames(s3)),
            () -> make(it -> it.serviceName(s3)),
            () -> make(it -> it.serviceName(s3).vpcEndpointType(VpcEndpointType.GATEWAY)))) {
      assertThat(messageOf(call))
          .isEqualTo("InvalidServiceName The Vpc Endpoint Service '%s' does not exist", s3);
    }
  }

  @Test
  void whatBerthHasNotIsRefused() {
    assertThat(codeOf(() -> make(it -> it.ipAddressType("dualstack"))))
        .isEqualTo("UnsupportedOperation");
    assertThat(codeOf(() -> make(it -> it.dnsOptions(dns -> dns.dnsRecordIpType("dualstack")))))
        .isEqualTo("UnsupportedOperation");
    SubnetConfiguration fixed =
        SubnetConfiguration.builder()
            .subnetId(subnets.getFirst().subnetId())
            .ipv4("172.31.0.9")
            .build();
    assertThat(codeOf(() -> make(it -> it.subnetConfigurations(fixed))))
        .isEqualTo("UnsupportedOperation");
    assertThat(
            codeOf(
                () ->
                    make(
                        it ->
                            it.policyDocument(
                                "{\"Statement\": [{\"Effect\": \"Deny\", \"Principal\": \"*\","
                                    + " \"Action\": \"*\", \"Resource\": \"*\"}]}"))))
        .isEqualTo("UnsupportedOperation");
    assertThat(codeOf(() -> make(it -> it.policyDocument("no"))))
        .isEqualTo("InvalidPolicyDocument");
    assertThat(messageOf(() -> make(it -> it.routeTableIds("rtb-0123456789abcdef0"))))
        .isEqualTo(
            "InvalidParameter Route table IDs are only supported for Gateway type VPC Endpoint.");
    assertThat(codeOf(() -> make(it -> it.serviceName(null)))).isEqualTo("MissingParameter");
    assertThat(room.ec2.describeVpcEndpoints().vpcEndpoints()).isEmpty();
  }

  @Test
  void theAwsCommandMakesChangesAndRemovesOne() throws Exception {
    String subnet = subnets.getFirst().subnetId();
    String[] create = {
      "ec2",
      "create-vpc-endpoint",
      "--vpc-id",
      vpc,
      "--service-name",
      ECS,
      "--client-token",
      "t",
      "--vpc-endpoint-type",
      "Interface",
      "--subnet-ids",
      subnet,
      "--query",
      "VpcEndpoint.VpcEndpointId",
      "--output",
      "text"
    };
    String id = room.cli(create).strip();
    assertThat(id).startsWith("vpce-");
    assertThat(room.cli(create).strip()).isEqualTo(id);
    assertThat(
            room.cli(
                "ec2",
                "modify-vpc-endpoint",
                "--vpc-endpoint-id",
                id,
                "--no-private-dns-enabled",
                "--remove-subnet-ids",
                subnet,
                "--add-subnet-ids",
                subnets.get(1).subnetId()))
        .contains("\"Return\": true");
    VpcEndpoint changed = room.ec2.describeVpcEndpoints().vpcEndpoints().getFirst();
    assertThat(changed.privateDnsEnabled()).isFalse();
    assertThat(changed.subnetIds()).containsExactly(subnets.get(1).subnetId());
    assertThat(room.cli("ec2", "create-tags", "--resources", id, "--tags", "Key=a,Value=b"))
        .isEmpty();
    assertThat(room.cli("ec2", "describe-tags", "--output", "text")).contains("vpc-endpoint");
    assertThat(room.cli("ec2", "delete-vpc-endpoints", "--vpc-endpoint-ids", id))
        .contains("\"Unsuccessful\": []");
    assertThat(room.cli("ec2", "describe-vpc-endpoints", "--vpc-endpoint-ids", id))
        .contains("(InvalidVpcEndpointId.NotFound)");
    assertThat(room.ec2.describeNetworkInterfaces().networkInterfaces()).isEmpty();
  }

  private List<String> found(String name, String value) {
    return room
        .ec2
        .describeVpcEndpoints(it -> it.filters(filter(name, value)))
        .vpcEndpoints()
        .stream()
        .map(VpcEndpoint::vpcEndpointId)
        .toList();
  }

  private static TagSpecification tagged(String key, String value) {
    return TagSpecification.builder()
        .resourceType(ResourceType.VPC_ENDPOINT)
        .tags(Tag.builder().key(key).value(value).build())
        .build();
  }

  private static Filter filter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }

  private static String codeOf(ThrowingCallable call) {
    return catchThrowableOfType(Ec2Exception.class, call).awsErrorDetails().errorCode();
  }

  private static String messageOf(ThrowingCallable call) {
    var error = catchThrowableOfType(Ec2Exception.class, call).awsErrorDetails();
    return error.errorCode() + " " + error.errorMessage();
  }
}
