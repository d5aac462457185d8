package dev.berth.control.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.link.format.RecordFormat;
import dev.berth.model.Declared;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.VpcId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a task's interface should be, by the ids that the client named.
 *
 * @param subnets ids; any one of them will do
 * @param securityGroups ids; the VPC's default group when there are none
 */
public record AwsvpcConfiguration(
    List<String> subnets, List<String> securityGroups, boolean assignPublicIp) {
  private static final int SUBNET_COUNT_MAX = 16;
  private static final int GROUP_COUNT_MAX = 5;

  public AwsvpcConfiguration {
    subnets = List.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
  }

  /** The official NetworkConfiguration shape, as far as it is read here. */
  private record NetworkConfiguration(Optional<Awsvpc> awsvpcConfiguration) {}

  private record Awsvpc(
      @Nullable List<String> subnets,
      @Nullable List<String> securityGroups,
      Optional<String> assignPublicIp) {}

  /** What a declaration says, or nothing if it says nothing of a network. */
  public static Optional<AwsvpcConfiguration> of(Declared networkConfiguration) {
    return RecordFormat.read(
            networkConfiguration.json().getBytes(UTF_8), NetworkConfiguration.class)
        .awsvpcConfiguration()
        .map(
            declared ->
                new AwsvpcConfiguration(
                    Objects.requireNonNullElse(declared.subnets(), List.of()),
                    Objects.requireNonNullElse(declared.securityGroups(), List.of()),
                    declared.assignPublicIp().equals(Optional.of("ENABLED"))));
  }

  /** The subnets of a realm's default VPC, for a wish of Berth's own that names no network. */
  static AwsvpcConfiguration standard(State state, Realm realm) {
    return new AwsvpcConfiguration(
        state.all(NetworkKind.SUBNET).stream()
            .filter(subnet -> subnet.realm().equals(realm) && subnet.defaultForZone())
            .map(subnet -> subnet.id().value())
            .sorted()
            .toList(),
        List.of(),
        false);
  }

  /** The same with what the ids stand for; all of one VPC. */
  public record Resolved(
      List<Subnet> subnets, List<SecurityGroupId> groups, boolean assignPublicIp) {
    public Resolved {
      subnets = List.copyOf(subnets);
      groups = List.copyOf(groups);
    }
  }

  /**
   * Looks the ids up.
   *
   * @throws Refused with ECS's words if one is unknown or they are not of one VPC
   */
  public Resolved resolve(State state, Realm realm) throws Refused {
    checkCounts();
    var found = new ArrayList<Subnet>();
    for (String id : subnets) {
      found.add(subnet(state, realm, id));
    }
    VpcId vpc = found.getFirst().vpc();
    if (found.stream().anyMatch(subnet -> !subnet.vpc().equals(vpc))) {
      throw invalid("subnets must all be of the same VPC: " + String.join(", ", subnets));
    }
    var groups = new ArrayList<SecurityGroupId>();
    for (String id : securityGroups) {
      groups.add(group(state, realm, vpc, id));
    }
    if (groups.isEmpty()) {
      groups.add(defaultGroup(state, vpc));
    }
    return new Resolved(found, groups.stream().distinct().toList(), assignPublicIp);
  }

  private void checkCounts() throws Refused {
    if (subnets.isEmpty()) {
      throw invalid("subnets can not be empty.");
    }
    if (subnets.size() > SUBNET_COUNT_MAX) {
      throw invalid("subnets can have at most " + SUBNET_COUNT_MAX + " items.");
    }
    if (securityGroups.size() > GROUP_COUNT_MAX) {
      throw invalid("securityGroups can have at most " + GROUP_COUNT_MAX + " items.");
    }
  }

  private static Subnet subnet(State state, Realm realm, String id) throws Refused {
    Optional<Subnet> found =
        SubnetId.isForm(id)
            ? state.find(NetworkKind.SUBNET, new SubnetId(id))
            : Optional.<Subnet>empty();
    return found
        .filter(subnet -> subnet.realm().equals(realm))
        .orElseThrow(
            () ->
                invalid(
                    "Error retrieving subnet information for [%s]: The subnet ID '%s' does not exist (ErrorCode: InvalidSubnetID.NotFound)"
                        .formatted(id, id)));
  }

  private static SecurityGroupId group(State state, Realm realm, VpcId vpc, String id)
      throws Refused {
    Optional<SecurityGroup> found =
        SecurityGroupId.isForm(id)
            ? state.find(NetworkKind.SECURITY_GROUP, new SecurityGroupId(id))
            : Optional.<SecurityGroup>empty();
    SecurityGroup group =
        found
            .filter(each -> each.realm().equals(realm))
            .orElseThrow(
                () ->
                    invalid(
                        "Error retrieving security group information for [%s]: The security group '%s' does not exist (ErrorCode: InvalidGroup.NotFound)"
                            .formatted(id, id)));
    if (!group.vpc().equals(vpc)) {
      throw invalid(
          "Security group %s does not appear to belong to the same VPC as the input subnets."
              .formatted(id));
    }
    return group.id();
  }

  private static SecurityGroupId defaultGroup(State state, VpcId vpc) {
    return state.all(NetworkKind.SECURITY_GROUP).stream()
        .filter(group -> group.vpc().equals(vpc) && group.isDefault())
        .map(SecurityGroup::id)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(vpc + " has no default group"));
  }

  private static Refused invalid(String message) {
    return new Refused(new Refusal.InvalidParameter(message));
  }
}
