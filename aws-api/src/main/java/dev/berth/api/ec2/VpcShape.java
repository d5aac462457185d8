package dev.berth.api.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.control.query.NetworkView;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockAssociation;
import software.amazon.awssdk.services.ec2.model.VpcIpv6CidrBlockAssociation;

/** A VPC as EC2 shows it, with the ids of what belongs to it and is kept nowhere else. */
final class VpcShape {
  private VpcShape() {}

  static software.amazon.awssdk.services.ec2.model.Vpc of(NetworkView view, Vpc vpc) {
    return software.amazon.awssdk.services.ec2.model.Vpc.builder()
        .vpcId(vpc.id().value())
        .ownerId(vpc.realm().account().value())
        .state("available")
        .cidrBlock(vpc.cidrs().getFirst().toString())
        .cidrBlockAssociationSet(vpc.cidrs().stream().map(cidr -> association(vpc, cidr)).toList())
        .ipv6CidrBlockAssociationSet(
            vpc.ipv6Cidr().stream().map(cidr -> ipv6Association(vpc, cidr)).toList())
        .dhcpOptionsId(dhcpOptionsId(vpc.realm()))
        .instanceTenancy(vpc.tenancy())
        .isDefault(vpc.isDefault())
        .tags(Ec2Tags.of(view.tags(vpc.id().value())))
        .build();
  }

  static VpcCidrBlockAssociation association(Vpc vpc, Cidr cidr) {
    return VpcCidrBlockAssociation.builder()
        .associationId(associationId(vpc.id(), cidr))
        .cidrBlock(cidr.toString())
        .cidrBlockState(state -> state.state("associated"))
        .build();
  }

  static VpcIpv6CidrBlockAssociation ipv6Association(Vpc vpc, Cidr cidr) {
    return VpcIpv6CidrBlockAssociation.builder()
        .associationId(associationId(vpc.id(), cidr))
        .ipv6CidrBlock(cidr.toString())
        .ipv6CidrBlockState(state -> state.state("associated"))
        .ipv6Pool("Amazon")
        .networkBorderGroup(vpc.realm().region().value())
        .build();
  }

  /** The range of a VPC that an association's id means. */
  static Optional<Cidr> associated(Vpc vpc, String associationId) {
    return Stream.concat(vpc.cidrs().stream(), vpc.ipv6Cidr().stream())
        .filter(cidr -> associationId(vpc.id(), cidr).equals(associationId))
        .findFirst();
  }

  static String associationId(VpcId vpc, Cidr cidr) {
    return "vpc-cidr-assoc-" + derived(vpc + "/" + cidr);
  }

  /** Every realm has one set of DHCP options; Berth's tasks need none. */
  static String dhcpOptionsId(Realm realm) {
    return "dopt-" + derived("dhcp/" + realm);
  }

  /** The one network ACL of a VPC, which lets everything through. */
  static String networkAclId(VpcId vpc) {
    return "acl-" + derived("acl/" + vpc);
  }

  static String networkAclAssociationId(String subnet) {
    return "aclassoc-" + derived("acl/" + subnet);
  }

  /** 17 hexadecimal digits that are the same at every look. */
  static String derived(String of) {
    return "0"
        + UUID.nameUUIDFromBytes(of.getBytes(UTF_8)).toString().replace("-", "").substring(16);
  }

  static List<String> cidrs(Vpc vpc) {
    return vpc.cidrs().stream().map(Cidr::toString).toList();
  }
}
