package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.query.Page;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.SecurityGroup;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;

/** Security groups and their rules, looked at. */
public final class SecurityGroupOperations implements Ec2Operations.Group {
  private static final Ec2Listing<SecurityGroup> LISTING =
      new Ec2Listing<SecurityGroup>(
              "security group", NetworkError.GROUP_NOT_FOUND, it -> it.id().value())
          .on("group-id", SecurityGroup::id)
          .on("group-name", SecurityGroup::name)
          .on("description", SecurityGroup::description)
          .on("vpc-id", SecurityGroup::vpc)
          .on("owner-id", group -> group.realm().account())
          .onAny("ip-permission.cidr", group -> ranges(group, false, true))
          .onAny("ip-permission.ipv6-cidr", group -> ranges(group, false, false))
          .onAny(
              "ip-permission.from-port",
              group -> of(group, false, it -> Integer.toString(it.from())))
          .onAny(
              "ip-permission.to-port", group -> of(group, false, it -> Integer.toString(it.to())))
          .onAny("ip-permission.protocol", group -> protocols(group, false))
          .onAny("ip-permission.group-id", group -> groups(group, false))
          .onAny("egress.ip-permission.cidr", group -> ranges(group, true, true))
          .onAny("egress.ip-permission.ipv6-cidr", group -> ranges(group, true, false))
          .onAny("egress.ip-permission.protocol", group -> protocols(group, true))
          .onAny("egress.ip-permission.group-id", group -> groups(group, true));

  private static final Ec2Listing<OwnRule> RULE_LISTING =
      new Ec2Listing<OwnRule>(
              "security group rule",
              NetworkError.GROUP_RULE_NOT_FOUND,
              it -> it.rule().id().value())
          .on("security-group-rule-id", it -> it.rule().id())
          .on("group-id", it -> it.group().id());

  private final NetworkQueries queries;

  /** A rule and whose it is. */
  private record OwnRule(SecurityGroup group, SecurityGroup.Rule rule) {}

  public SecurityGroupOperations(NetworkQueries queries) {
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .look(DescribeSecurityGroupsRequest.class, this::describe)
        .look(DescribeSecurityGroupRulesRequest.class, this::describeRules);
  }

  private DescribeSecurityGroupsResponse describe(
      CallContext context, DescribeSecurityGroupsRequest request) throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Stream<SecurityGroup> all = view.all(NetworkKind.SECURITY_GROUP);
    if (!request.groupNames().isEmpty()) {
      all = named(view, request.groupNames());
    }
    Page<SecurityGroup> page =
        LISTING.page(
            view,
            all,
            new Ec2Listing.Request(
                request.groupIds(), request.filters(), request.maxResults(), request.nextToken()));
    return DescribeSecurityGroupsResponse.builder()
        .securityGroups(
            page.items().stream().map(group -> SecurityGroupShape.of(view, group)).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static Stream<SecurityGroup> named(NetworkView view, List<String> names)
      throws NetworkRefused {
    List<SecurityGroup> all = view.all(NetworkKind.SECURITY_GROUP).toList();
    for (String name : names) {
      if (all.stream().noneMatch(group -> group.name().equals(name))) {
        throw new NetworkRefused(
            NetworkError.GROUP_NOT_FOUND, "The security group '%s' does not exist".formatted(name));
      }
    }
    return all.stream().filter(group -> names.contains(group.name()));
  }

  private DescribeSecurityGroupRulesResponse describeRules(
      CallContext context, DescribeSecurityGroupRulesRequest request)
      throws NetworkRefused, Refused {
    NetworkView view = queries.of(context.realm());
    Stream<OwnRule> all =
        view.all(NetworkKind.SECURITY_GROUP)
            .flatMap(group -> group.rules().stream().map(rule -> new OwnRule(group, rule)));
    Page<OwnRule> page =
        RULE_LISTING.page(
            view,
            all,
            new Ec2Listing.Request(
                request.securityGroupRuleIds(),
                request.filters(),
                request.maxResults(),
                request.nextToken()));
    return DescribeSecurityGroupRulesResponse.builder()
        .securityGroupRules(
            page.items().stream()
                .map(it -> SecurityGroupShape.rule(view, it.group(), it.rule()))
                .toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static Stream<String> of(
      SecurityGroup group, boolean egress, Function<SecurityGroup.Traffic, String> value) {
    return group.rules().stream()
        .filter(rule -> rule.egress() == egress)
        .map(SecurityGroup.Rule::traffic)
        .map(value);
  }

  private static Stream<String> protocols(SecurityGroup group, boolean egress) {
    return of(group, egress, it -> SecurityGroupShape.protocolName(it.protocol()));
  }

  private static Stream<String> ranges(SecurityGroup group, boolean egress, boolean ipv4) {
    return of(
        group,
        egress,
        traffic ->
            traffic.peer() instanceof SecurityGroup.Peer.Range(var cidr)
                    && cidr.network().isIpv4() == ipv4
                ? cidr.toString()
                : "");
  }

  private static Stream<String> groups(SecurityGroup group, boolean egress) {
    return of(
        group,
        egress,
        traffic -> traffic.peer() instanceof SecurityGroup.Peer.Group(var id) ? id.value() : "");
  }
}
