package dev.berth.control.network;

import static java.util.stream.Collectors.joining;

import dev.berth.model.network.AllocationId;
import dev.berth.model.network.EgressOnlyGatewayId;
import dev.berth.model.network.EniId;
import dev.berth.model.network.InternetGatewayId;
import dev.berth.model.network.NatGatewayId;
import dev.berth.model.network.PrefixListId;
import dev.berth.model.network.RouteTableId;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupRuleId;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.VpcEndpointId;
import dev.berth.model.network.VpcId;
import java.util.random.RandomGenerator;

/** New ids in EC2's form: the kind, and 17 hexadecimal digits of chance, the first one 0. */
public record NetworkIds(RandomGenerator random) {
  private static final int SUFFIX_LENGTH = 8;
  private static final String SUFFIX_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  public VpcId vpc() {
    return new VpcId(id("vpc"));
  }

  public SubnetId subnet() {
    return new SubnetId(id("subnet"));
  }

  public InternetGatewayId internetGateway() {
    return new InternetGatewayId(id("igw"));
  }

  public EgressOnlyGatewayId egressOnlyGateway() {
    return new EgressOnlyGatewayId(id("eigw"));
  }

  public RouteTableId routeTable() {
    return new RouteTableId(id("rtb"));
  }

  public String routeTableAssociation() {
    return id("rtbassoc");
  }

  public NatGatewayId natGateway() {
    return new NatGatewayId(id("nat"));
  }

  public AllocationId allocation() {
    return new AllocationId(id("eipalloc"));
  }

  public String addressAssociation() {
    return id("eipassoc");
  }

  public SecurityGroupId securityGroup() {
    return new SecurityGroupId(id("sg"));
  }

  public SecurityGroupRuleId securityGroupRule() {
    return new SecurityGroupRuleId(id("sgr"));
  }

  public PrefixListId prefixList() {
    return new PrefixListId(id("pl"));
  }

  public EniId networkInterface() {
    return new EniId(id("eni"));
  }

  public VpcEndpointId vpcEndpoint() {
    return new VpcEndpointId(id("vpce"));
  }

  /** Eight letters and digits that make a VPC endpoint's names hard to guess. */
  public String vpcEndpointSuffix() {
    return random
        .ints(SUFFIX_LENGTH, 0, SUFFIX_ALPHABET.length())
        .mapToObj(SUFFIX_ALPHABET::charAt)
        .map(String::valueOf)
        .collect(joining());
  }

  private String id(String kind) {
    return "%s-0%016x".formatted(kind, random.nextLong());
  }
}
