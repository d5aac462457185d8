package dev.berth.api.ec2;

import dev.berth.control.query.NetworkView;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Subnet;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.SubnetIpv6CidrBlockAssociation;

/** A subnet as EC2 shows it. */
final class SubnetShape {
  private SubnetShape() {}

  static software.amazon.awssdk.services.ec2.model.Subnet of(NetworkView view, Subnet subnet) {
    Map<String, String> tags = view.tags(subnet.id().value());
    return software.amazon.awssdk.services.ec2.model.Subnet.builder()
        .subnetId(subnet.id().value())
        .subnetArn(arn(subnet))
        .vpcId(subnet.vpc().value())
        .ownerId(subnet.realm().account().value())
        .state("available")
        .cidrBlock(subnet.cidr().toString())
        .ipv6CidrBlockAssociationSet(
            subnet.ipv6Cidr().stream()
                .map(
                    cidr ->
                        SubnetIpv6CidrBlockAssociation.builder()
                            .associationId(
                                "subnet-cidr-assoc-" + VpcShape.derived(subnet.id() + "/" + cidr))
                            .ipv6CidrBlock(cidr.toString())
                            .ipv6CidrBlockState(state -> state.state("associated"))
                            .build())
                .toList())
        .availabilityZone(subnet.zoneName())
        .availabilityZoneId(zoneId(subnet.realm(), subnet.zone()))
        .availableIpAddressCount(view.freeAddressCount(subnet))
        .defaultForAz(subnet.defaultForZone())
        .mapPublicIpOnLaunch(subnet.mapPublicIp())
        .assignIpv6AddressOnCreation(subnet.assignIpv6())
        .ipv6Native(false)
        .enableDns64(false)
        .mapCustomerOwnedIpOnLaunch(false)
        .privateDnsNameOptionsOnLaunch(
            options ->
                options
                    .hostnameType("ip-name")
                    .enableResourceNameDnsARecord(false)
                    .enableResourceNameDnsAAAARecord(false))
        .tags(Ec2Tags.of(tags))
        .build();
  }

  static String arn(Subnet subnet) {
    return subnet.realm().arn("ec2", "subnet/" + subnet.id()).toString();
  }

  /** On AWS, zone ids name the same place in every account; here they follow the letters. */
  static String zoneId(Realm realm, String zone) {
    return realm.region() + "-az" + (zone.charAt(0) - 'a' + 1);
  }
}
