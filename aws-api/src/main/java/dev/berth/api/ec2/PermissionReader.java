package dev.berth.api.ec2;

import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.SecurityGroupCommands.RuleWish;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.PrefixListId;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroup.Traffic;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.SecurityGroupPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleRequest;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** Rules as clients declare them: several peers for one protocol and range of ports. */
final class PermissionReader {
  private static final int PORT_MAX = 65_535;
  private static final int PROTOCOL_MAX = 255;
  private static final int ALL = -1;
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("tcp", 6, "udp", 17, "icmp", 1, "icmpv6", 58, "all", ALL);

  private PermissionReader() {}

  /** One rule for each peer, in the order of the request. */
  static List<RuleWish> wishes(List<IpPermission> permissions) throws NetworkRefused {
    var wishes = new ArrayList<RuleWish>();
    for (IpPermission permission : permissions) {
      var ports = traffic(permission.ipProtocol(), permission.fromPort(), permission.toPort());
      int before = wishes.size();
      for (IpRange range : permission.ipRanges()) {
        wishes.add(ports.with(range(range.cidrIp(), true), range.description()));
      }
      for (Ipv6Range range : permission.ipv6Ranges()) {
        wishes.add(ports.with(range(range.cidrIpv6(), false), range.description()));
      }
      for (UserIdGroupPair pair : permission.userIdGroupPairs()) {
        wishes.add(ports.with(group(pair.groupId()), pair.description()));
      }
      for (var list : permission.prefixListIds()) {
        wishes.add(ports.with(prefixes(list.prefixListId()), list.description()));
      }
      if (wishes.size() == before) {
        throw new NetworkRefused(
            NetworkError.MISSING_PARAMETER,
            "The request must contain a CIDR, a security group or a prefix list in ipPermissions.");
      }
    }
    if (wishes.isEmpty()) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER, "The request must contain the parameter ipPermissions.");
    }
    return wishes;
  }

  /** One rule in the words of ModifySecurityGroupRules. */
  static RuleWish wish(SecurityGroupRuleRequest rule) throws NetworkRefused {
    var ports = traffic(rule.ipProtocol(), rule.fromPort(), rule.toPort());
    if (rule.cidrIpv4() != null) {
      return ports.with(range(rule.cidrIpv4(), true), rule.description());
    }
    if (rule.cidrIpv6() != null) {
      return ports.with(range(rule.cidrIpv6(), false), rule.description());
    }
    if (rule.referencedGroupId() != null) {
      return ports.with(group(rule.referencedGroupId()), rule.description());
    }
    return ports.with(prefixes(rule.prefixListId()), rule.description());
  }

  /** What a rule lets through, of whoever it may be. */
  private record Ports(int protocol, int from, int to) {
    RuleWish with(SecurityGroup.Peer peer, @Nullable String description) {
      return new RuleWish(
          new Traffic(protocol, from, to, peer),
          Optional.ofNullable(description).filter(text -> !text.isEmpty()));
    }
  }

  private static Ports traffic(
      @Nullable String protocolName, @Nullable Integer from, @Nullable Integer to)
      throws NetworkRefused {
    int protocol = protocol(protocolName);
    return switch (protocol) {
      case 6, 17 -> ports(protocol, from, to);
      case 1, 58 -> new Ports(protocol, from == null ? ALL : from, to == null ? ALL : to);
      default -> new Ports(protocol, ALL, ALL);
    };
  }

  private static Ports ports(int protocol, @Nullable Integer from, @Nullable Integer to)
      throws NetworkRefused {
    if (from == null || to == null) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
    }
    if (from < 0 || to > PORT_MAX || from > to) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "Invalid TCP/UDP port range (%d:%d)".formatted(from, to));
    }
    return new Ports(protocol, from, to);
  }

  private static int protocol(@Nullable String name) throws NetworkRefused {
    String text = String.valueOf(name).toLowerCase(Locale.ROOT);
    Integer known = PROTOCOLS.get(text);
    if (known != null) {
      return known;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= SecurityGroupPlan.EVERY_PROTOCOL && number <= PROTOCOL_MAX) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new NetworkRefused(
        NetworkError.INVALID_PARAMETER_VALUE,
        "Invalid value '%s' for IP protocol. Unknown protocol.".formatted(name));
  }

  private static SecurityGroup.Peer range(@Nullable String text, boolean ipv4)
      throws NetworkRefused {
    try {
      Cidr cidr = Cidr.parse(String.valueOf(text));
      if (cidr.network().isIpv4() == ipv4) {
        return new SecurityGroup.Peer.Range(cidr);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new NetworkRefused(
        NetworkError.INVALID_PARAMETER_VALUE, "CIDR block %s is malformed".formatted(text));
  }

  private static SecurityGroup.Peer group(@Nullable String id) throws NetworkRefused {
    if (id != null && SecurityGroupId.isForm(id)) {
      return new SecurityGroup.Peer.Group(new SecurityGroupId(id));
    }
    throw new NetworkRefused(
        NetworkError.GROUP_NOT_FOUND, "The security group '%s' does not exist".formatted(id));
  }

  private static SecurityGroup.Peer prefixes(@Nullable String id) throws NetworkRefused {
    if (id != null && PrefixListId.isForm(id)) {
      return new SecurityGroup.Peer.Prefixes(new PrefixListId(id));
    }
    throw new NetworkRefused(
        NetworkError.PREFIX_LIST_NOT_FOUND, "The prefix list ID '%s' does not exist".formatted(id));
  }
}
