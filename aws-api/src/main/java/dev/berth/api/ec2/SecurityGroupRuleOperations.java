package dev.berth.api.ec2;

import dev.berth.api.gateway.CallContext;
import dev.berth.control.command.vpc.NetworkError;
import dev.berth.control.command.vpc.NetworkRefused;
import dev.berth.control.command.vpc.SecurityGroupCommands;
import dev.berth.control.command.vpc.SecurityGroupCommands.RuleWish;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.query.NetworkView;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupEgressRequest;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupEgressResponse;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ModifySecurityGroupRulesRequest;
import software.amazon.awssdk.services.ec2.model.ModifySecurityGroupRulesResponse;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupEgressRequest;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupEgressResponse;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleUpdate;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsEgressRequest;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsEgressResponse;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsIngressRequest;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsIngressResponse;

/** Security groups and their rules, changed. */
public final class SecurityGroupRuleOperations implements Ec2Operations.Group {
  private final SecurityGroupCommands commands;
  private final NetworkQueries queries;

  public SecurityGroupRuleOperations(SecurityGroupCommands commands, NetworkQueries queries) {
    this.commands = commands;
    this.queries = queries;
  }

  @Override
  public void addTo(Ec2Operations operations) {
    operations
        .change(CreateSecurityGroupRequest.class, this::create)
        .change(DeleteSecurityGroupRequest.class, this::delete)
        .change(AuthorizeSecurityGroupIngressRequest.class, this::authorizeIngress)
        .change(AuthorizeSecurityGroupEgressRequest.class, this::authorizeEgress)
        .change(RevokeSecurityGroupIngressRequest.class, this::revokeIngress)
        .change(RevokeSecurityGroupEgressRequest.class, this::revokeEgress)
        .change(ModifySecurityGroupRulesRequest.class, this::modify)
        .change(UpdateSecurityGroupRuleDescriptionsIngressRequest.class, this::describeIngress)
        .change(UpdateSecurityGroupRuleDescriptionsEgressRequest.class, this::describeEgress);
  }

  private CreateSecurityGroupResponse create(
      CallContext context, CreateSecurityGroupRequest request) throws NetworkRefused {
    SecurityGroup group =
        commands.create(
            context.realm(),
            Optional.ofNullable(request.vpcId()),
            request.groupName(),
            request.description(),
            Ec2Tags.of(request.tagSpecifications(), "security-group"));
    return CreateSecurityGroupResponse.builder()
        .groupId(group.id().value())
        .securityGroupArn(SecurityGroupShape.arn(group))
        .tags(Ec2Tags.of(queries.of(context.realm()).tags(group.id().value())))
        .build();
  }

  private DeleteSecurityGroupResponse delete(
      CallContext context, DeleteSecurityGroupRequest request) throws NetworkRefused {
    String id = id(context.realm(), request.groupId(), request.groupName());
    commands.delete(context.realm(), id);
    return DeleteSecurityGroupResponse.builder().returnValue(true).groupId(id).build();
  }

  private AuthorizeSecurityGroupIngressResponse authorizeIngress(
      CallContext context, AuthorizeSecurityGroupIngressRequest request) throws NetworkRefused {
    String id = id(context.realm(), request.groupId(), request.groupName());
    var permissions = new ArrayList<>(request.ipPermissions());
    if (request.cidrIp() != null) {
      permissions.add(
          permission(request.ipProtocol(), request.fromPort(), request.toPort(), request.cidrIp()));
    }
    List<SecurityGroup.Rule> added =
        commands.authorize(
            context.realm(),
            id,
            false,
            PermissionReader.wishes(permissions),
            Ec2Tags.of(request.tagSpecifications(), "security-group-rule"));
    return AuthorizeSecurityGroupIngressResponse.builder()
        .returnValue(true)
        .securityGroupRules(shapes(context.realm(), id, added))
        .build();
  }

  private AuthorizeSecurityGroupEgressResponse authorizeEgress(
      CallContext context, AuthorizeSecurityGroupEgressRequest request) throws NetworkRefused {
    List<SecurityGroup.Rule> added =
        commands.authorize(
            context.realm(),
            request.groupId(),
            true,
            PermissionReader.wishes(request.ipPermissions()),
            Ec2Tags.of(request.tagSpecifications(), "security-group-rule"));
    return AuthorizeSecurityGroupEgressResponse.builder()
        .returnValue(true)
        .securityGroupRules(shapes(context.realm(), request.groupId(), added))
        .build();
  }

  private RevokeSecurityGroupIngressResponse revokeIngress(
      CallContext context, RevokeSecurityGroupIngressRequest request) throws NetworkRefused {
    String id = id(context.realm(), request.groupId(), request.groupName());
    var permissions = new ArrayList<>(request.ipPermissions());
    if (request.cidrIp() != null) {
      permissions.add(
          permission(request.ipProtocol(), request.fromPort(), request.toPort(), request.cidrIp()));
    }
    revoke(context.realm(), id, false, permissions, request.securityGroupRuleIds());
    return RevokeSecurityGroupIngressResponse.builder().returnValue(true).build();
  }

  private RevokeSecurityGroupEgressResponse revokeEgress(
      CallContext context, RevokeSecurityGroupEgressRequest request) throws NetworkRefused {
    revoke(
        context.realm(),
        request.groupId(),
        true,
        request.ipPermissions(),
        request.securityGroupRuleIds());
    return RevokeSecurityGroupEgressResponse.builder().returnValue(true).build();
  }

  private void revoke(
      Realm realm, String id, boolean egress, List<IpPermission> permissions, List<String> ids)
      throws NetworkRefused {
    if (!ids.isEmpty()) {
      commands.revokeById(realm, id, egress, ids);
    } else {
      commands.revoke(
          realm,
          id,
          egress,
          PermissionReader.wishes(permissions).stream().map(RuleWish::traffic).toList());
    }
  }

  private ModifySecurityGroupRulesResponse modify(
      CallContext context, ModifySecurityGroupRulesRequest request) throws NetworkRefused {
    var wishes = new LinkedHashMap<String, RuleWish>();
    for (SecurityGroupRuleUpdate update : request.securityGroupRules()) {
      wishes.put(
          update.securityGroupRuleId(),
          PermissionReader.wish(Objects.requireNonNull(update.securityGroupRule())));
    }
    commands.modify(context.realm(), request.groupId(), wishes);
    return ModifySecurityGroupRulesResponse.builder().returnValue(true).build();
  }

  private UpdateSecurityGroupRuleDescriptionsIngressResponse describeIngress(
      CallContext context, UpdateSecurityGroupRuleDescriptionsIngressRequest request)
      throws NetworkRefused {
    commands.describe(
        context.realm(),
        id(context.realm(), request.groupId(), request.groupName()),
        false,
        PermissionReader.wishes(request.ipPermissions()));
    return UpdateSecurityGroupRuleDescriptionsIngressResponse.builder().returnValue(true).build();
  }

  private UpdateSecurityGroupRuleDescriptionsEgressResponse describeEgress(
      CallContext context, UpdateSecurityGroupRuleDescriptionsEgressRequest request)
      throws NetworkRefused {
    commands.describe(
        context.realm(),
        id(context.realm(), request.groupId(), request.groupName()),
        true,
        PermissionReader.wishes(request.ipPermissions()));
    return UpdateSecurityGroupRuleDescriptionsEgressResponse.builder().returnValue(true).build();
  }

  private static IpPermission permission(
      @Nullable String protocol, @Nullable Integer from, @Nullable Integer to, String cidr) {
    return IpPermission.builder()
        .ipProtocol(protocol)
        .fromPort(from)
        .toPort(to)
        .ipRanges(IpRange.builder().cidrIp(cidr).build())
        .build();
  }

  private List<software.amazon.awssdk.services.ec2.model.SecurityGroupRule> shapes(
      Realm realm, String id, List<SecurityGroup.Rule> rules) {
    NetworkView view = queries.of(realm);
    SecurityGroup group =
        view.find(NetworkKind.SECURITY_GROUP, new SecurityGroupId(id)).orElseThrow();
    return rules.stream().map(rule -> SecurityGroupShape.rule(view, group, rule)).toList();
  }

  /** A group by its id, or by its name in the default VPC. */
  private String id(Realm realm, @Nullable String id, @Nullable String name) throws NetworkRefused {
    if (id != null) {
      return id;
    }
    if (name == null) {
      throw new NetworkRefused(
          NetworkError.MISSING_PARAMETER, "The request must contain the parameter groupId.");
    }
    NetworkView view = queries.of(realm);
    return view.all(NetworkKind.SECURITY_GROUP)
        .filter(group -> group.name().equals(name))
        .filter(
            group ->
                view.find(NetworkKind.VPC, group.vpc()).stream().anyMatch(it -> it.isDefault()))
        .map(group -> group.id().value())
        .findFirst()
        .orElseThrow(
            () ->
                new NetworkRefused(
                    NetworkError.GROUP_NOT_FOUND,
                    "The security group '%s' does not exist in default VPC".formatted(name)));
  }
}
