package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.Vpc;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.AttributeValue;
import software.amazon.awssdk.services.ec2.model.DescribeDhcpOptionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeDhcpOptionsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkAclsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkAclsResponse;
import software.amazon.awssdk.services.ec2.model.DhcpConfiguration;
import software.amazon.awssdk.services.ec2.model.DhcpOptions;
import software.amazon.awssdk.services.ec2.model.NetworkAcl;
import software.amazon.awssdk.services.ec2.model.NetworkAclAssociation;
import software.amazon.awssdk.services.ec2.model.NetworkAclEntry;

/** What every VPC has and nobody changes here: its network ACL and its DHCP options. */
public final class VpcPartOperations implements Ec2Operations.Group {
  private static final int FIRST_RULE = 100;

  /** The rule behind all others, which refuses what none of them lets through. */
  private static final int LAST_RULE = 32_767;

  private static final Ec2Listing<Vpc> ACL_LISTING =
      new Ec2Listing<Vpc>(
              "networkAcl", NetworkError.ACL_NOT_FOUND, vpc -> VpcShape.networkAclId(vpc.id()))
          .on("network-acl-id", vpc -> VpcShape.networkAclId(vpc.id()))
          .on("vpc-id", Vpc::id)
          .on("default", _ -> true)
          .on("owner-id", vpc -> vpc.realm().account())
          .on("association.network-acl-id", vpc -> VpcShape.networkAclId(vpc.id()));

  private static final Ec2Listing<Realm> DHCP_LISTING =
      new Ec2Listing<Realm>(
              "dhcpOption", NetworkError.DHCP_OPTIONS_NOT_FOUND, VpcShape::dhcpOptionsId)
          .on("dhcp-options-id", VpcShape::dhcpOptionsId)
          .on("owner-id", Realm::account)
          .onAny("key", _ -> Stream.of("domain-name", "domain-name-servers"));

  private final NetworkQueries queries;

  public VpcPartOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .look(DescribeNetworkAclsRequest.class, this::acls)
        .look(DescribeDhcpOptionsRequest.class, this::dhcpOptions);
  }

  private DescribeNetworkAclsResponse acls(CallContext context, DescribeNetworkAclsRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Page<Vpc> page =
        ACL_LISTING.page(
            view,
            view.all(NetworkKind.VPC),
            new Ec2Listing.Request(
                request.networkAclIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeNetworkAclsResponse.builder()
        .networkAcls(page.items().stream().map(vpc -> acl(view, vpc)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static NetworkAcl acl(NetworkView view, Vpc vpc) {
    String id = VpcShape.networkAclId(vpc.id());
    return NetworkAcl.builder()
        .networkAclId(id)
        .vpcId(vpc.id().value())
        .ownerId(vpc.realm().account().value())
        .isDefault(true)
        .associations(
            view.all(NetworkKind.SUBNET)
                .filter(subnet -> subnet.vpc().equals(vpc.id()))
                .map(subnet -> association(id, subnet))
                .toList())
        .entries(entries(vpc))
        .tags(List.of())
        .build();
  }

  private static NetworkAclAssociation association(String acl, Subnet subnet) {
    return NetworkAclAssociation.builder()
        .networkAclId(acl)
        .networkAclAssociationId(VpcShape.networkAclAssociationId(subnet.id().value()))
        .subnetId(subnet.id().value())
        .build();
  }

  private static List<NetworkAclEntry> entries(Vpc vpc) {
    var entries = new ArrayList<NetworkAclEntry>();
    for (boolean egress : new boolean[] {true, false}) {
      for (int number : new int[] {FIRST_RULE, LAST_RULE}) {
        NetworkAclEntry.Builder entry =
            NetworkAclEntry.builder()
                .egress(egress)
                .protocol("-1")
                .ruleAction(number == FIRST_RULE ? "allow" : "deny");
        entries.add(entry.ruleNumber(number).cidrBlock("0.0.0.0/0").build());
        if (vpc.ipv6Cidr().isPresent()) {
          entries.add(entry.ruleNumber(number + 1).cidrBlock(null).ipv6CidrBlock("::/0").build());
        }
      }
    }
    return entries;
  }

  private DescribeDhcpOptionsResponse dhcpOptions(
      CallContext context, DescribeDhcpOptionsRequest request) throws NetworkRefused, Refused {
    Page<Realm> page =
        DHCP_LISTING.page(
            queries.of(context.realm()),
            Stream.of(context.realm()),
            new Ec2Listing.Request(
                request.dhcpOptionsIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeDhcpOptionsResponse.builder()
        .dhcpOptions(page.items().stream().map(VpcPartOperations::options).toList())
        .build();
  }

  private static DhcpOptions options(Realm realm) {
    String region = realm.region().value();
    String domain = region.equals("us-east-1") ? "ec2.internal" : region + ".compute.internal";
    return DhcpOptions.builder()
        .dhcpOptionsId(VpcShape.dhcpOptionsId(realm))
        .ownerId(realm.account().value())
        .dhcpConfigurations(
            configuration("domain-name", domain),
            configuration("domain-name-servers", "AmazonProvidedDNS"))
        .tags(List.of())
        .build();
  }

  private static DhcpConfiguration configuration(String key, String value) {
    return DhcpConfiguration.builder()
        .key(key)
        .values(AttributeValue.builder().value(value).build())
        .build();
  }
}
