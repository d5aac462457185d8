package dev.berth.control.command.vpc;

import dev.berth.control.state.Draft;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcEndpoint.InSubnet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Interface endpoints: AWS's own services at addresses of a VPC. */
public final class VpcEndpointCommands {
  /** Gateways are for services that Berth has not. */
  public static final String TYPE = "Interface";

  private final Networks networks;
  private final Set<String> services;

  /**
   * @param services those that are served, as their endpoints' names end
   */
  public VpcEndpointCommands(Networks networks, Set<String> services) {
    this.networks = networks;
    this.services = Set.copyOf(services);
  }

  /**
   * What a new endpoint should be.
   *
   * @param type as a client says it; AWS takes {@code Gateway} when it says nothing
   * @param groups ids; the VPC's default group when there are none
   * @param policy as it is declared, if it is
   */
  public record Wish(
      String vpc,
      String serviceName,
      String type,
      List<String> subnets,
      List<String> groups,
      boolean privateDns,
      Optional<String> policy,
      Map<String, String> tags) {
    public Wish {
      subnets = List.copyOf(subnets);
      groups = List.copyOf(groups);
      tags = Map.copyOf(tags);
    }
  }

  /** Makes an endpoint with an interface in each of the subnets. */
  public VpcEndpoint create(Realm realm, Wish wish, Once once) throws NetworkRefused {
    checkPolicy(wish.policy());
    return networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          Optional<String> before = once.madeBefore(draft, realm);
          if (before.isPresent()) {
            return lookup.vpcEndpoint(before.get());
          }
          Vpc vpc = lookup.vpc(wish.vpc());
          String service = service(realm, wish.serviceName());
          if (!wish.type().equals(TYPE)) {
            throw new NetworkRefused(
                NetworkError.INVALID_PARAMETER,
                "Endpoint type (%s) does not match available service types ([%s])."
                    .formatted(wish.type(), TYPE));
          }
          var bare =
              new VpcEndpoint(
                  networks.ids().vpcEndpoint(),
                  realm,
                  vpc.id(),
                  service,
                  List.of(),
                  wish.groups().isEmpty()
                      ? defaultGroup(draft.state(), vpc)
                      : groups(lookup, vpc, wish.groups()),
                  networks.ids().vpcEndpointSuffix(),
                  wish.privateDns(),
                  wish.policy(),
                  networks.now());
          checkPrivateDns(draft.state(), vpc, bare);
          VpcEndpoint made = withSubnets(draft, bare, wish.subnets());
          Networks.tag(draft, realm, made.id().value(), wish.tags());
          once.made(draft, realm, made.id().value(), networks.now());
          return made;
        });
  }

  private static void checkPolicy(Optional<String> policy) throws NetworkRefused {
    if (policy.isPresent()) {
      EndpointPolicy.check(policy.get());
    }
  }

  private String service(Realm realm, String name) throws NetworkRefused {
    return services.stream()
        .filter(service -> VpcEndpoint.serviceName(realm, service).equals(name))
        .findFirst()
        .orElseThrow(() -> noService(name));
  }

  /** AWS's words for a service that has no endpoints. */
  public static NetworkRefused noService(String name) {
    return new NetworkRefused(
        NetworkError.INVALID_SERVICE_NAME,
        "The Vpc Endpoint Service '%s' does not exist".formatted(name));
  }

  private static List<SecurityGroupId> defaultGroup(State state, Vpc vpc) {
    return state.all(NetworkKind.SECURITY_GROUP).stream()
        .filter(it -> it.vpc().equals(vpc.id()) && it.isDefault())
        .map(SecurityGroup::id)
        .toList();
  }

  private static List<SecurityGroupId> groups(Lookup lookup, Vpc vpc, List<String> ids)
      throws NetworkRefused {
    var groups = new LinkedHashSet<SecurityGroupId>();
    for (String id : ids) {
      SecurityGroup group = lookup.group(id);
      if (!group.vpc().equals(vpc.id())) {
        throw outside("security group", id, vpc);
      }
      groups.add(group.id());
    }
    return List.copyOf(groups);
  }

  private static NetworkRefused outside(String noun, String id, Vpc vpc) {
    return new NetworkRefused(
        NetworkError.INVALID_PARAMETER,
        "The %s %s does not belong to the VPC %s.".formatted(noun, id, vpc.id()));
  }

  private static void checkPrivateDns(State state, Vpc vpc, VpcEndpoint endpoint)
      throws NetworkRefused {
    if (!endpoint.privateDns()) {
      return;
    }
    if (!vpc.dnsSupport() || !vpc.dnsHostnames()) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER,
          "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for "
              + vpc.id());
    }
    boolean isTaken =
        state.all(NetworkKind.VPC_ENDPOINT).stream()
            .filter(other -> !other.id().equals(endpoint.id()) && other.privateDns())
            .filter(other -> other.vpc().equals(vpc.id()))
            .anyMatch(other -> other.service().equals(endpoint.service()));
    if (isTaken) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER,
          "private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in the VPC %s"
              .formatted(endpoint.privateName(), vpc.id()));
    }
  }

  /** Puts the endpoint in the draft with further interfaces, each of its own address. */
  private VpcEndpoint withSubnets(Draft draft, VpcEndpoint endpoint, List<String> ids)
      throws NetworkRefused {
    VpcEndpoint grown = endpoint;
    draft.put(NetworkKind.VPC_ENDPOINT, grown);
    var lookup = new Lookup(draft.state(), endpoint.realm());
    for (String id : new LinkedHashSet<>(ids)) {
      Subnet subnet = lookup.subnet(id);
      if (!subnet.vpc().equals(endpoint.vpc())) {
        throw outside("subnet", id, lookup.vpc(endpoint.vpc().value()));
      }
      if (grown.interfaces().stream().anyMatch(it -> it.eni().subnet().equals(subnet.id()))) {
        continue;
      }
      if (grown.interfaces().stream().anyMatch(it -> it.zone().equals(subnet.zoneName()))) {
        throw new NetworkRefused(
            NetworkError.DUPLICATE_SUBNETS_IN_SAME_ZONE,
            "Found another VPC endpoint subnet in the availability zone of %s. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service."
                .formatted(id));
      }
      EniSpec eni =
          networks
              .interfaces()
              .allocateIpv4(draft.state(), subnet, endpoint.groups())
              .orElseThrow(
                  () ->
                      new NetworkRefused(
                          NetworkError.INSUFFICIENT_FREE_ADDRESSES,
                          "There are not enough free addresses in subnet '%s' to satisfy the requested number of instances."
                              .formatted(id)));
      var more = new ArrayList<>(grown.interfaces());
      more.add(new InSubnet(eni, subnet.zoneName()));
      grown = grown.withInterfaces(more);
      draft.put(NetworkKind.VPC_ENDPOINT, grown);
    }
    return grown;
  }

  /**
   * What of an endpoint changes; what is absent or empty stays.
   *
   * @param policy the new one, or in it nothing for the one that every endpoint has at first
   */
  public record Change(
      List<String> addSubnets,
      List<String> removeSubnets,
      List<String> addGroups,
      List<String> removeGroups,
      Optional<Boolean> privateDns,
      Optional<Optional<String>> policy) {
    public Change {
      addSubnets = List.copyOf(addSubnets);
      removeSubnets = List.copyOf(removeSubnets);
      addGroups = List.copyOf(addGroups);
      removeGroups = List.copyOf(removeGroups);
    }
  }

  /** Changes an endpoint, for running tasks too. */
  public VpcEndpoint modify(Realm realm, String id, Change change) throws NetworkRefused {
    checkPolicy(change.policy().orElse(Optional.empty()));
    return networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          VpcEndpoint endpoint = lookup.vpcEndpoint(id);
          Vpc vpc = lookup.vpc(endpoint.vpc().value());
          var groups = new LinkedHashSet<>(endpoint.groups());
          groups.addAll(groups(lookup, vpc, change.addGroups()));
          groups.removeAll(groups(lookup, vpc, change.removeGroups()));
          if (groups.isEmpty()) {
            throw new NetworkRefused(
                NetworkError.INVALID_PARAMETER,
                "An Interface VPC Endpoint must always have at least one Security Group.");
          }
          var left = new ArrayList<>(endpoint.interfaces());
          for (String subnetId : change.removeSubnets()) {
            Subnet subnet = lookup.subnet(subnetId);
            left.removeIf(each -> each.eni().subnet().equals(subnet.id()));
          }
          VpcEndpoint changed =
              endpoint
                  .withInterfaces(left)
                  .withGroups(List.copyOf(groups))
                  .withPrivateDns(change.privateDns().orElse(endpoint.privateDns()))
                  .withPolicy(change.policy().orElse(endpoint.policy()));
          if (!endpoint.privateDns()) {
            checkPrivateDns(draft.state(), vpc, changed);
          }
          return withSubnets(draft, changed, change.addSubnets());
        });
  }

  /** Removes an endpoint: its addresses are free, and its names mean nothing any more. */
  public void delete(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          VpcEndpoint endpoint = new Lookup(draft.state(), realm).vpcEndpoint(id);
          draft.remove(NetworkKind.VPC_ENDPOINT, endpoint.id());
          Networks.untag(draft, id);
          endpoint.interfaces().forEach(each -> Networks.untag(draft, each.eni().id().value()));
          return endpoint;
        });
  }
}
