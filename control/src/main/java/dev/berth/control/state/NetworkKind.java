package dev.berth.control.state;

import dev.berth.model.identity.Realm;
import dev.berth.model.network.AllocationId;
import dev.berth.model.network.EgressOnlyGateway;
import dev.berth.model.network.EgressOnlyGatewayId;
import dev.berth.model.network.ElasticAddress;
import dev.berth.model.network.EniId;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.InternetGatewayId;
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
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcEndpointId;
import dev.berth.model.network.VpcId;
import java.util.List;

/** The kinds of record that networks are declared by. */
public final class NetworkKind {
  public static final Kind<VpcId, Vpc> VPC = new Kind<>("/vpcs/", Vpc.class, Vpc::id, VpcId::value);

  public static final Kind<SubnetId, Subnet> SUBNET =
      new Kind<>("/subnets/", Subnet.class, Subnet::id, SubnetId::value);

  public static final Kind<InternetGatewayId, InternetGateway> INTERNET_GATEWAY =
      new Kind<>(
          "/internet-gateways/",
          InternetGateway.class,
          InternetGateway::id,
          InternetGatewayId::value);

  public static final Kind<EgressOnlyGatewayId, EgressOnlyGateway> EGRESS_ONLY_GATEWAY =
      new Kind<>(
          "/egress-only-gateways/",
          EgressOnlyGateway.class,
          EgressOnlyGateway::id,
          EgressOnlyGatewayId::value);

  public static final Kind<RouteTableId, RouteTable> ROUTE_TABLE =
      new Kind<>("/route-tables/", RouteTable.class, RouteTable::id, RouteTableId::value);

  public static final Kind<NatGatewayId, NatGateway> NAT_GATEWAY =
      new Kind<>("/nat-gateways/", NatGateway.class, NatGateway::id, NatGatewayId::value);

  public static final Kind<VpcEndpointId, VpcEndpoint> VPC_ENDPOINT =
      new Kind<>("/vpc-endpoints/", VpcEndpoint.class, VpcEndpoint::id, VpcEndpointId::value);

  public static final Kind<AllocationId, ElasticAddress> ELASTIC_ADDRESS =
      new Kind<>(
          "/elastic-addresses/", ElasticAddress.class, ElasticAddress::id, AllocationId::value);

  public static final Kind<SecurityGroupId, SecurityGroup> SECURITY_GROUP =
      new Kind<>(
          "/security-groups/", SecurityGroup.class, SecurityGroup::id, SecurityGroupId::value);

  public static final Kind<PrefixListId, PrefixList> PREFIX_LIST =
      new Kind<>("/prefix-lists/", PrefixList.class, PrefixList::id, PrefixListId::value);

  public static final Kind<EniId, NetworkInterface> NETWORK_INTERFACE =
      new Kind<>(
          "/network-interfaces/", NetworkInterface.class, NetworkInterface::id, EniId::value);

  public static final Kind<String, ResourceTags> RESOURCE_TAGS =
      new Kind<>("/resource-tags/", ResourceTags.class, ResourceTags::resource, id -> id);

  public static final Kind<NetworkToken.Id, NetworkToken> NETWORK_TOKEN =
      new Kind<>(
          "/network-tokens/",
          NetworkToken.class,
          NetworkToken::id,
          id -> id.realm() + "/" + id.operation() + "/" + id.token());

  public static final Kind<Realm, RealmNetwork> REALM_NETWORK =
      new Kind<>("/realm-networks/", RealmNetwork.class, RealmNetwork::realm, Realm::toString);

  /** Every kind there is: what is read at start. */
  static final List<Kind<?, ?>> ALL =
      List.of(
          VPC,
          SUBNET,
          INTERNET_GATEWAY,
          EGRESS_ONLY_GATEWAY,
          ROUTE_TABLE,
          NAT_GATEWAY,
          VPC_ENDPOINT,
          ELASTIC_ADDRESS,
          SECURITY_GROUP,
          PREFIX_LIST,
          NETWORK_INTERFACE,
          RESOURCE_TAGS,
          NETWORK_TOKEN,
          REALM_NETWORK);

  private NetworkKind() {}
}
