package dev.berth.api.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.NatGatewayState;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleUpdate;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Task;

/** EC2's networks as the SDK and the AWS CLI see them. */
class Ec2NetworkTest {
  private final Ec2Room room = new Ec2Room();

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void everyRealmHasItsDefaultVpcFromTheStart() {
    Vpc vpc =
        room.ec2.describeVpcs(it -> it.filters(filter("is-default", "true"))).vpcs().getFirst();

    assertThat(vpc.cidrBlock()).isEqualTo("172.31.0.0/16");
    assertThat(room.ec2.describeVpcs().vpcs()).containsExactly(vpc);
    assertThat(room.ec2.describeSubnets(it -> it.filters(filter("vpc-id", vpc.vpcId()))).subnets())
        .extracting(Subnet::cidrBlock)
        .containsExactlyInAnyOrder("172.31.0.0/20", "172.31.16.0/20", "172.31.32.0/20");
    assertThat(room.ec2.describeSubnets().subnets())
        .allSatisfy(
            subnet -> {
              assertThat(subnet.availableIpAddressCount()).isEqualTo(4091);
              assertThat(subnet.mapPublicIpOnLaunch()).isTrue();
              assertThat(subnet.defaultForAz()).isTrue();
            });
    assertThat(room.ec2.describeAvailabilityZones().availabilityZones())
        .extracting(it -> it.zoneName())
        .containsExactly("lab-9a", "lab-9b", "lab-9c");
    List<Route> routes = room.ec2.describeRouteTables().routeTables().getFirst().routes();
    assertThat(routes).extracting(Route::destinationCidrBlock).contains("0.0.0.0/0");
    assertThat(routes).extracting(Route::gatewayId).contains("local");
    assertThat(room.ec2.describeSecurityGroups().securityGroups().getFirst().groupName())
        .isEqualTo("default");
    assertThat(room.ec2.describeNetworkAcls().networkAcls().getFirst().associations()).hasSize(3);
    assertThat(room.ec2.describeDhcpOptions().dhcpOptions().getFirst().dhcpOptionsId())
        .isEqualTo(vpc.dhcpOptionsId());
    assertThat(room.ec2.describeAccountAttributes().accountAttributes()).hasSize(3);
  }

  @Test
  void pagesAndFiltersAndTheirMistakes() {
    String vpc = room.ec2.describeVpcs().vpcs().getFirst().vpcId();
    for (int number = 0; number < 4; number++) {
      subnet(vpc, "172.31.%d.0/24".formatted(200 + number));
    }
    var seen = new ArrayList<String>();
    room.ec2
        .describeSubnetsPaginator(it -> it.maxResults(5))
        .subnets()
        .forEach(subnet -> seen.add(subnet.subnetId()));

    assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    assertThat(
            room.ec2.describeSubnets(it -> it.filters(filter("cidr-block", "172.31.1*"))).subnets())
        .hasSize(1);
    assertThat(codeOf(() -> room.ec2.describeSubnets(it -> it.filters(filter("colour", "red")))))
        .isEqualTo("InvalidParameterValue");
    assertThat(
            codeOf(() -> room.ec2.describeSubnets(it -> it.subnetIds("subnet-0123456789abcdef0"))))
        .isEqualTo("InvalidSubnetID.NotFound");
    assertThat(codeOf(() -> room.ec2.describeInstances())).isEqualTo("UnsupportedOperation");
    assertThat(codeOf(() -> room.ec2.createVpc(it -> it.cidrBlock("10.0.0.0/16").dryRun(true))))
        .isEqualTo("DryRunOperation");
    assertThat(codeOf(() -> room.ec2.createSubnet(it -> it.cidrBlock("10.0.0.0/16"))))
        .isEqualTo("MissingParameter");
  }

  @Test
  void aVpcIsBuiltAndTakenDownInOrder() {
    String vpc =
        room.ec2
            .createVpc(it -> it.cidrBlock("10.0.0.0/16").tagSpecifications(named("vpc", "main")))
            .vpc()
            .vpcId();
    assertThat(codeOf(() -> room.ec2.createVpc(it -> it.cidrBlock("10.0.0.0/8"))))
        .isEqualTo("InvalidVpc.Range");
    assertThat(room.ec2.describeVpcs(it -> it.filters(filter("tag:Name", "main"))).vpcs())
        .extracting(Vpc::vpcId)
        .containsExactly(vpc);
    String inside = subnet(vpc, "10.0.0.0/24").subnetId();
    assertThat(codeOf(() -> subnet(vpc, "10.0.0.128/25"))).isEqualTo("InvalidSubnet.Conflict");
    assertThat(codeOf(() -> subnet(vpc, "10.1.0.0/24"))).isEqualTo("InvalidSubnet.Range");
    String gateway = room.ec2.createInternetGateway().internetGateway().internetGatewayId();
    room.ec2.attachInternetGateway(it -> it.internetGatewayId(gateway).vpcId(vpc));
    String allocation = room.ec2.allocateAddress().allocationId();
    String nat =
        room.ec2
            .createNatGateway(it -> it.subnetId(inside).allocationId(allocation))
            .natGateway()
            .natGatewayId();
    String table = room.ec2.createRouteTable(it -> it.vpcId(vpc)).routeTable().routeTableId();
    room.ec2.createRoute(
        it -> it.routeTableId(table).destinationCidrBlock("0.0.0.0/0").natGatewayId(nat));
    assertThat(
            codeOf(
                () ->
                    room.ec2.createRoute(
                        it ->
                            it.routeTableId(table)
                                .destinationCidrBlock("0.0.0.0/0")
                                .gatewayId(gateway))))
        .isEqualTo("RouteAlreadyExists");
    String association =
        room.ec2.associateRouteTable(it -> it.routeTableId(table).subnetId(inside)).associationId();

    assertThat(codeOf(() -> room.ec2.deleteVpc(it -> it.vpcId(vpc))))
        .isEqualTo("DependencyViolation");
    assertThat(codeOf(() -> room.ec2.deleteSubnet(it -> it.subnetId(inside))))
        .isEqualTo("DependencyViolation");
    assertThat(codeOf(() -> room.ec2.deleteRouteTable(it -> it.routeTableId(table))))
        .isEqualTo("DependencyViolation");
    assertThat(
            codeOf(
                () ->
                    room.ec2.detachInternetGateway(it -> it.internetGatewayId(gateway).vpcId(vpc))))
        .isEqualTo("DependencyViolation");
    assertThat(codeOf(() -> room.ec2.releaseAddress(it -> it.allocationId(allocation))))
        .isEqualTo("InvalidIPAddress.InUse");

    room.ec2.deleteNatGateway(it -> it.natGatewayId(nat));
    assertThat(room.ec2.describeNatGateways(it -> it.natGatewayIds(nat)).natGateways())
        .extracting(it -> it.state())
        .containsExactly(NatGatewayState.DELETED);
    assertThat(
            room.ec2
                .describeRouteTables(it -> it.routeTableIds(table))
                .routeTables()
                .getFirst()
                .routes())
        .extracting(Route::state)
        .containsExactly(RouteState.ACTIVE, RouteState.BLACKHOLE);
    room.ec2.releaseAddress(it -> it.allocationId(allocation));
    room.ec2.disassociateRouteTable(it -> it.associationId(association));
    room.ec2.deleteRouteTable(it -> it.routeTableId(table));
    room.ec2.deleteSubnet(it -> it.subnetId(inside));
    room.ec2.detachInternetGateway(it -> it.internetGatewayId(gateway).vpcId(vpc));
    room.ec2.deleteInternetGateway(it -> it.internetGatewayId(gateway));
    room.ec2.deleteVpc(it -> it.vpcId(vpc));
    assertThat(codeOf(() -> room.ec2.describeVpcs(it -> it.vpcIds(vpc))))
        .isEqualTo("InvalidVpcID.NotFound");
    assertThat(room.ec2.describeTags().tags()).isEmpty();
  }

  @Test
  void aRepeatedCallMakesNothingTwice() {
    String vpc = room.ec2.describeVpcs().vpcs().getFirst().vpcId();
    String table =
        room.ec2.createRouteTable(it -> it.vpcId(vpc).clientToken("t")).routeTable().routeTableId();

    assertThat(
            room.ec2
                .createRouteTable(it -> it.vpcId(vpc).clientToken("t"))
                .routeTable()
                .routeTableId())
        .isEqualTo(table);
    assertThat(
            codeOf(
                () ->
                    room.ec2.createRouteTable(
                        it ->
                            it.vpcId(vpc)
                                .clientToken("t")
                                .tagSpecifications(named("route-table", "other")))))
        .isEqualTo("IdempotentParameterMismatch");
  }

  @Test
  void rulesHaveIdsAndAreFoundByWhatTheyLetThrough() {
    String vpc = room.ec2.describeVpcs().vpcs().getFirst().vpcId();
    String web = group(vpc, "web");
    String database = group(vpc, "database");
    assertThat(codeOf(() -> group(vpc, "web"))).isEqualTo("InvalidGroup.Duplicate");
    IpPermission fromWeb =
        IpPermission.builder()
            .ipProtocol("tcp")
            .fromPort(5432)
            .toPort(5432)
            .userIdGroupPairs(
                UserIdGroupPair.builder().groupId(web).description("from web").build())
            .build();
    SecurityGroupRule rule =
        room.ec2
            .authorizeSecurityGroupIngress(it -> it.groupId(database).ipPermissions(fromWeb))
            .securityGroupRules()
            .getFirst();

    assertThat(rule.securityGroupRuleId()).startsWith("sgr-");
    assertThat(rule.description()).isEqualTo("from web");
    assertThat(rule.referencedGroupInfo().groupId()).isEqualTo(web);
    assertThat(codeOf(() -> room.ec2.deleteSecurityGroup(it -> it.groupId(web))))
        .isEqualTo("DependencyViolation");
    assertThat(
            room.ec2
                .describeSecurityGroupRules(it -> it.filters(filter("group-id", database)))
                .securityGroupRules())
        .hasSize(2);
    SecurityGroupRuleUpdate update =
        SecurityGroupRuleUpdate.builder()
            .securityGroupRuleId(rule.securityGroupRuleId())
            .securityGroupRule(to -> to.ipProtocol("-1").cidrIpv4("10.0.0.0/8"))
            .build();
    room.ec2.modifySecurityGroupRules(it -> it.groupId(database).securityGroupRules(update));
    room.ec2.revokeSecurityGroupIngress(
        it -> it.groupId(database).securityGroupRuleIds(rule.securityGroupRuleId()));
    room.ec2.deleteSecurityGroup(it -> it.groupId(web));
    assertThat(codeOf(() -> room.ec2.describeSecurityGroups(it -> it.groupIds(web))))
        .isEqualTo("InvalidGroup.NotFound");
  }

  @Test
  void theAwsCommandSpeaksTheSame() throws Exception {
    String created =
        room.cli(
                "ec2",
                "create-security-group",
                "--group-name",
                "ssh",
                "--description",
                "d",
                "--query",
                "GroupId",
                "--output",
                "text")
            .strip();
    assertThat(created).startsWith("sg-");
    assertThat(
            room.cli(
                "ec2",
                "authorize-security-group-ingress",
                "--group-id",
                created,
                "--protocol",
                "tcp",
                "--port",
                "22",
                "--cidr",
                "10.0.0.0/8"))
        .contains("\"Return\": true", "\"CidrIpv4\": \"10.0.0.0/8\"");
    assertThat(
            room.cli(
                "ec2",
                "authorize-security-group-ingress",
                "--group-id",
                created,
                "--protocol",
                "tcp",
                "--port",
                "22",
                "--cidr",
                "10.0.0.0/8"))
        .contains("(InvalidPermission.Duplicate)");
    assertThat(
            room.cli(
                "ec2",
                "revoke-security-group-ingress",
                "--group-id",
                created,
                "--protocol",
                "tcp",
                "--port",
                "23",
                "--cidr",
                "10.0.0.0/8"))
        .contains("(InvalidPermission.NotFound)");
    assertThat(
            room.cli(
                "ec2",
                "describe-subnets",
                "--filters",
                "Name=availability-zone,Values=lab-9a,lab-9b",
                "--query",
                "Subnets[].AvailabilityZone",
                "--output",
                "text"))
        .contains("lab-9a", "lab-9b")
        .doesNotContain("lab-9c");
    assertThat(room.cli("ec2", "create-tags", "--resources", created, "--tags", "Key=a,Value=b"))
        .isEmpty();
    assertThat(room.cli("ec2", "describe-tags", "--output", "text"))
        .contains("a", created, "security-group", "b");
    assertThat(room.cli("ec2", "create-tags", "--resources", "vpc-1", "--tags", "Key=a,Value=b"))
        .contains("(InvalidID)");
    assertThat(room.cli("ec2", "delete-security-group", "--group-id", created))
        .doesNotContain("error");
  }

  @Test
  void aTasksInterfaceIsSeenFromBothSides() {
    Subnet subnet = room.ec2.describeSubnets().subnets().getFirst();
    register();
    Task task = run(subnet.subnetId(), AssignPublicIp.ENABLED);
    NetworkInterface eni = room.ec2.describeNetworkInterfaces().networkInterfaces().getFirst();

    assertThat(task.availabilityZone()).isEqualTo(subnet.availabilityZone());
    assertThat(task.attachments().getFirst().type()).isEqualTo("ElasticNetworkInterface");
    assertThat(task.attachments().getFirst().details())
        .extracting(KeyValuePair::name, KeyValuePair::value)
        .containsExactly(
            tuple("subnetId", subnet.subnetId()),
            tuple("networkInterfaceId", eni.networkInterfaceId()),
            tuple("macAddress", eni.macAddress()),
            tuple("privateDnsName", eni.privateDnsName()),
            tuple("privateIPv4Address", eni.privateIpAddress()));
    assertThat(task.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address())
        .isEqualTo(eni.privateIpAddress());
    assertThat(eni.requesterManaged()).isTrue();
    assertThat(eni.description())
        .isEqualTo(
            "arn:aws:ecs:lab-9:123456789012:attachment/" + task.attachments().getFirst().id());
    assertThat(eni.association().publicIp()).startsWith("100.127.");
    assertThat(eni.groups()).extracting(it -> it.groupName()).containsExactly("default");
    assertThat(room.ec2.describeSubnets(it -> it.subnetIds(subnet.subnetId())).subnets())
        .extracting(Subnet::availableIpAddressCount)
        .containsExactly(subnet.availableIpAddressCount() - 1);
    assertThat(
            codeOf(
                () ->
                    room.ec2.deleteNetworkInterface(
                        it -> it.networkInterfaceId(eni.networkInterfaceId()))))
        .isEqualTo("InvalidNetworkInterface.InUse");

    room.ecs.stopTask(it -> it.task(task.taskArn()));

    assertThat(room.ec2.describeNetworkInterfaces().networkInterfaces()).isEmpty();
  }

  @Test
  void runTaskRefusesNetworksThatAreNotThere() {
    register();
    var refused =
        catchThrowableOfType(
            EcsException.class, () -> run("subnet-default", AssignPublicIp.DISABLED));

    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterException");
    assertThat(refused.awsErrorDetails().errorMessage())
        .contains("The subnet ID 'subnet-default' does not exist");
  }

  private void register() {
    room.ecs.registerTaskDefinition(
        it ->
            it.family("web")
                .networkMode(NetworkMode.AWSVPC)
                .requiresCompatibilities(Compatibility.FARGATE)
                .cpu("256")
                .memory("512")
                .containerDefinitions(
                    ContainerDefinition.builder()
                        .name("main")
                        .image("busybox")
                        .essential(true)
                        .build()));
  }

  private Task run(String subnet, AssignPublicIp publicIp) {
    return room.ecs
        .runTask(
            it ->
                it.taskDefinition("web")
                    .networkConfiguration(
                        network ->
                            network.awsvpcConfiguration(
                                vpc -> vpc.subnets(subnet).assignPublicIp(publicIp))))
        .tasks()
        .getFirst();
  }

  private Subnet subnet(String vpc, String cidr) {
    return room.ec2.createSubnet(it -> it.vpcId(vpc).cidrBlock(cidr)).subnet();
  }

  private String group(String vpc, String name) {
    return room.ec2
        .createSecurityGroup(it -> it.vpcId(vpc).groupName(name).description("of " + name))
        .groupId();
  }

  private static TagSpecification named(String type, String name) {
    return TagSpecification.builder()
        .resourceType(ResourceType.fromValue(type))
        .tags(Tag.builder().key("Name").value(name).build())
        .build();
  }

  private static Filter filter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }

  private static String codeOf(ThrowingCallable call) {
    return catchThrowableOfType(Ec2Exception.class, call).awsErrorDetails().errorCode();
  }
}
