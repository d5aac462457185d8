package dev.berth.control.state;

import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.network.AllocationId;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EgressOnlyGateway;
import dev.berth.model.network.EgressOnlyGatewayId;
import dev.berth.model.network.ElasticAddress;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.InternetGatewayId;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.NatGatewayId;
import dev.berth.model.network.NetworkInterface;
import dev.berth.model.network.NetworkToken;
import dev.berth.model.network.PrefixList;
import dev.berth.model.network.PrefixListId;
import dev.berth.model.network.RealmNetwork;
import dev.berth.model.network.ResourceTags;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.RouteTableId;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupRuleId;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcEndpointId;
import dev.berth.model.network.VpcId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One record of each kind that a network is declared by, with all that it can hold. */
final class NetworkExamples {
  private static final Realm REALM =
      new Realm(new AccountId("123456789012"), new Region("eu-west-1"));
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final VpcId VPC_ID = new VpcId("vpc-0123456789abcdef0");
  private static final SubnetId SUBNET_ID = new SubnetId("subnet-0123456789abcdef0");
  private static final SecurityGroupId GROUP_ID = new SecurityGroupId("sg-0123456789abcdef0");
  private static final InternetGatewayId GATEWAY_ID =
      new InternetGatewayId("igw-0123456789abcdef0");
  private static final EgressOnlyGatewayId EGRESS_ID =
      new EgressOnlyGatewayId("eigw-0123456789abcdef0");
  private static final NatGatewayId NAT_ID = new NatGatewayId("nat-0123456789abcdef0");
  private static final AllocationId ALLOCATION_ID = new AllocationId("eipalloc-0123456789abcdef0");
  private static final PrefixListId LIST_ID = new PrefixListId("pl-0123456789abcdef0");
  private static final Cidr IPV6 = Cidr.parse("fd00:1:2:3::/64");

  private static final EniSpec ENI =
      new EniSpec(
          new EniId("eni-0123456789abcdef0"),
          VPC_ID,
          SUBNET_ID,
          "02:00:ac:1f:00:05",
          new IpAddress("172.31.0.5"),
          Optional.of(new IpAddress("fd00:1:2:3::5")),
          Optional.of(new IpAddress("100.127.0.9")),
          List.of(GROUP_ID),
          "ip-172-31-0-5.eu-west-1.compute.internal");

  private NetworkExamples() {}

  static final List<Record> ALL =
      List.of(
          new Vpc(
              VPC_ID,
              REALM,
              List.of(Cidr.parse("172.31.0.0/16")),
              Optional.of(Cidr.parse("fd00:1:2::/56")),
              true,
              true,
              true,
              "default"),
          new Subnet(
              SUBNET_ID,
              REALM,
              VPC_ID,
              Cidr.parse("172.31.0.0/20"),
              Optional.of(IPV6),
              "a",
              true,
              true,
              true),
          new InternetGateway(GATEWAY_ID, REALM, Optional.of(VPC_ID)),
          new EgressOnlyGateway(EGRESS_ID, REALM, VPC_ID),
          new RouteTable(
              new RouteTableId("rtb-0123456789abcdef0"),
              REALM,
              VPC_ID,
              List.of(
                  new RouteTable.Route(
                      new RouteTable.Destination.Range(Cidr.parse("0.0.0.0/0")),
                      new RouteTable.Target.ToInternet(GATEWAY_ID)),
                  new RouteTable.Route(
                      new RouteTable.Destination.Range(Cidr.parse("::/0")),
                      new RouteTable.Target.ToEgressOnly(EGRESS_ID)),
                  new RouteTable.Route(
                      new RouteTable.Destination.Prefixes(LIST_ID),
                      new RouteTable.Target.ToNat(NAT_ID))),
              List.of(
                  new RouteTable.Association("rtbassoc-0123456789abcdef0", List.of()),
                  new RouteTable.Association("rtbassoc-0123456789abcdef1", List.of(SUBNET_ID)))),
          new NatGateway(
              NAT_ID, REALM, ENI, Optional.of(ALLOCATION_ID), NOW, Optional.of(NOW.plusSeconds(1))),
          new VpcEndpoint(
              new VpcEndpointId("vpce-0123456789abcdef0"),
              REALM,
              VPC_ID,
              "secretsmanager",
              List.of(new VpcEndpoint.InSubnet(ENI, "eu-west-1a")),
              List.of(GROUP_ID),
              "a1b2c3d4",
              true,
              Optional.of("{\"Statement\": []}"),
              NOW),
          new ElasticAddress(
              ALLOCATION_ID,
              REALM,
              new IpAddress("100.127.0.9"),
              Optional.of(
                  new ElasticAddress.Use(
                      "eipassoc-0123456789abcdef0", ENI.id(), ENI.privateAddress()))),
          new SecurityGroup(
              GROUP_ID,
              REALM,
              VPC_ID,
              "web",
              "for the web",
              List.of(
                  rule("sgr-0123456789abcdef0", false, new SecurityGroup.Peer.Group(GROUP_ID)),
                  rule("sgr-0123456789abcdef1", true, new SecurityGroup.Peer.Prefixes(LIST_ID)),
                  rule("sgr-0123456789abcdef2", true, new SecurityGroup.Peer.Range(IPV6)))),
          new PrefixList(
              LIST_ID,
              REALM,
              "offices",
              false,
              10,
              2,
              List.of(new PrefixList.Entry(Cidr.parse("10.0.0.0/8"), "all"))),
          new NetworkInterface(ENI, REALM, "by hand", true, NOW),
          new ResourceTags("vpc-0123456789abcdef0", REALM, Map.of("Name", "main")),
          new NetworkToken(
              new NetworkToken.Id(REALM, "CreateNatGateway", "token"),
              "request",
              "nat-0123456789abcdef0",
              NOW),
          new RealmNetwork(REALM, NOW));

  private static SecurityGroup.Rule rule(String id, boolean egress, SecurityGroup.Peer peer) {
    return new SecurityGroup.Rule(
        new SecurityGroupRuleId(id),
        egress,
        new SecurityGroup.Traffic(6, 80, 81, peer),
        Optional.of("why"));
  }
}
