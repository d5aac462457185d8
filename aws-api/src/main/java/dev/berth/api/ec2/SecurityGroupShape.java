package dev.berth.api.ec2;

import dev.berth.control.query.NetworkView;
import dev.berth.model.network.SecurityGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.PrefixListId;
import software.amazon.awssdk.services.ec2.model.ReferencedSecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** A security group as EC2 shows it: its rules one by one, or gathered by protocol and ports. */
final class SecurityGroupShape {
  private static final Map<Integer, String> PROTOCOL_NAMES =
      Map.of(6, "tcp", 17, "udp", 1, "icmp", 58, "icmpv6");

  private SecurityGroupShape() {}

  static software.amazon.awssdk.services.ec2.model.SecurityGroup of(
      NetworkView view, SecurityGroup group) {
    return software.amazon.awssdk.services.ec2.model.SecurityGroup.builder()
        .groupId(group.id().value())
        .groupName(group.name())
        .securityGroupArn(arn(group))
        .description(group.description())
        .ownerId(group.realm().account().value())
        .vpcId(group.vpc().value())
        .ipPermissions(permissions(group, false))
        .ipPermissionsEgress(permissions(group, true))
        .tags(Ec2Tags.of(view.tags(group.id().value())))
        .build();
  }

  static String arn(SecurityGroup group) {
    return group.realm().arn("ec2", "security-group/" + group.id()).toString();
  }

  static String protocolName(int protocol) {
    return PROTOCOL_NAMES.getOrDefault(protocol, Integer.toString(protocol));
  }

  private static boolean hasPorts(SecurityGroup.Traffic traffic) {
    return PROTOCOL_NAMES.containsKey(traffic.protocol());
  }

  /** The rules of one direction; those of the same protocol and ports stand together. */
  static List<IpPermission> permissions(SecurityGroup group, boolean egress) {
    var gathered = new LinkedHashMap<String, List<SecurityGroup.Rule>>();
    for (SecurityGroup.Rule rule : group.rules()) {
      if (rule.egress() == egress) {
        SecurityGroup.Traffic traffic = rule.traffic();
        String ports = traffic.protocol() + "/" + traffic.from() + "/" + traffic.to();
        gathered.computeIfAbsent(ports, _ -> new ArrayList<>()).add(rule);
      }
    }
    return gathered.values().stream().map(rules -> permission(group, rules)).toList();
  }

  private static IpPermission permission(SecurityGroup group, List<SecurityGroup.Rule> rules) {
    SecurityGroup.Traffic first = rules.getFirst().traffic();
    var ranges = new ArrayList<IpRange>();
    var ipv6Ranges = new ArrayList<Ipv6Range>();
    var groups = new ArrayList<UserIdGroupPair>();
    var lists = new ArrayList<PrefixListId>();
    for (SecurityGroup.Rule rule : rules) {
      @Nullable String description = rule.description().orElse(null);
      switch (rule.traffic().peer()) {
        case SecurityGroup.Peer.Range(var cidr) when cidr.network().isIpv4() ->
            ranges.add(IpRange.builder().cidrIp(cidr.toString()).description(description).build());
        case SecurityGroup.Peer.Range(var cidr) ->
            ipv6Ranges.add(
                Ipv6Range.builder().cidrIpv6(cidr.toString()).description(description).build());
        case SecurityGroup.Peer.Group(var id) ->
            groups.add(
                UserIdGroupPair.builder()
                    .groupId(id.value())
                    .userId(group.realm().account().value())
                    .description(description)
                    .build());
        case SecurityGroup.Peer.Prefixes(var id) ->
            lists.add(
                PrefixListId.builder().prefixListId(id.value()).description(description).build());
      }
    }
    return IpPermission.builder()
        .ipProtocol(protocolName(first.protocol()))
        .fromPort(hasPorts(first) ? first.from() : null)
        .toPort(hasPorts(first) ? first.to() : null)
        .ipRanges(ranges)
        .ipv6Ranges(ipv6Ranges)
        .userIdGroupPairs(groups)
        .prefixListIds(lists)
        .build();
  }

  static SecurityGroupRule rule(NetworkView view, SecurityGroup group, SecurityGroup.Rule rule) {
    SecurityGroup.Traffic traffic = rule.traffic();
    var builder =
        SecurityGroupRule.builder()
            .securityGroupRuleId(rule.id().value())
            .securityGroupRuleArn(
                group.realm().arn("ec2", "security-group-rule/" + rule.id()).toString())
            .groupId(group.id().value())
            .groupOwnerId(group.realm().account().value())
            .isEgress(rule.egress())
            .ipProtocol(protocolName(traffic.protocol()))
            .fromPort(traffic.from())
            .toPort(traffic.to())
            .description(rule.description().orElse(null))
            .tags(Ec2Tags.of(view.tags(rule.id().value())));
    switch (traffic.peer()) {
      case SecurityGroup.Peer.Range(var cidr) when cidr.network().isIpv4() ->
          builder.cidrIpv4(cidr.toString());
      case SecurityGroup.Peer.Range(var cidr) -> builder.cidrIpv6(cidr.toString());
      case SecurityGroup.Peer.Group(var id) ->
          builder.referencedGroupInfo(
              ReferencedSecurityGroup.builder()
                  .groupId(id.value())
                  .userId(group.realm().account().value())
                  .build());
      case SecurityGroup.Peer.Prefixes(var id) -> builder.prefixListId(id.value());
    }
    return builder.build();
  }
}
