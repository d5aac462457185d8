package dev.berth.control.command.vpc;

import dev.berth.control.network.StandardNetwork;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Subnets: made, changed and removed. */
public final class SubnetCommands {
  private static final int PREFIX_LENGTH_MIN = 16;
  private static final int PREFIX_LENGTH_MAX = 28;
  private static final int IPV6_PREFIX_LENGTH = 64;

  private final Networks networks;

  public SubnetCommands(Networks networks) {
    this.networks = networks;
  }

  /**
   * What a new subnet should be.
   *
   * @param zone the zone's name; the first zone when absent
   */
  public record Wish(
      String vpc,
      String cidr,
      Optional<String> ipv6Cidr,
      Optional<String> zone,
      Map<String, String> tags) {
    public Wish {
      tags = Map.copyOf(tags);
    }
  }

  /** Makes a subnet in a part of its VPC's range that no other subnet has. */
  public Subnet create(Realm realm, Wish wish) throws NetworkRefused {
    Cidr cidr = Lookup.cidr(wish.cidr(), "cidrBlock");
    Optional<Cidr> ipv6 =
        wish.ipv6Cidr().isPresent()
            ? Optional.of(Lookup.cidr(wish.ipv6Cidr().get(), "ipv6CidrBlock"))
            : Optional.empty();
    String zone =
        wish.zone().isPresent() ? zone(realm, wish.zone().get()) : StandardNetwork.ZONES.getFirst();
    return networks.decide(
        realm,
        draft -> {
          Vpc vpc = new Lookup(draft.state(), realm).vpc(wish.vpc());
          check(vpc, cidr, ipv6);
          for (Subnet other : in(draft.state(), vpc.id()).toList()) {
            checkApart(other, cidr);
            if (ipv6.isPresent()) {
              checkApart(other, ipv6.get());
            }
          }
          var subnet =
              new Subnet(
                  networks.ids().subnet(), realm, vpc.id(), cidr, ipv6, zone, false, false, false);
          draft.put(NetworkKind.SUBNET, subnet);
          Networks.tag(draft, realm, subnet.id().value(), wish.tags());
          return subnet;
        });
  }

  private static void check(Vpc vpc, Cidr cidr, Optional<Cidr> ipv6) throws NetworkRefused {
    boolean isInside = vpc.cidrs().stream().anyMatch(range -> range.contains(cidr));
    if (!isInside
        || cidr.prefixLength() < PREFIX_LENGTH_MIN
        || cidr.prefixLength() > PREFIX_LENGTH_MAX) {
      throw outOfRange(cidr);
    }
    if (ipv6.isPresent()
        && (vpc.ipv6Cidr().stream().noneMatch(range -> range.contains(ipv6.get()))
            || ipv6.get().prefixLength() != IPV6_PREFIX_LENGTH)) {
      throw outOfRange(ipv6.get());
    }
  }

  private static NetworkRefused outOfRange(Cidr cidr) {
    return new NetworkRefused(
        NetworkError.SUBNET_RANGE, "The CIDR '%s' is invalid.".formatted(cidr));
  }

  static void checkApart(Subnet other, Cidr cidr) throws NetworkRefused {
    if (other.cidr().overlaps(cidr) || other.ipv6Cidr().stream().anyMatch(cidr::overlaps)) {
      throw new NetworkRefused(
          NetworkError.SUBNET_CONFLICT,
          "The CIDR '%s' conflicts with another subnet".formatted(cidr));
    }
  }

  static Stream<Subnet> in(State state, VpcId vpc) {
    return state.all(NetworkKind.SUBNET).stream().filter(subnet -> subnet.vpc().equals(vpc));
  }

  /** The letter of a zone of the realm. */
  static String zone(Realm realm, String name) throws NetworkRefused {
    for (String letter : StandardNetwork.ZONES) {
      if (name.equals(realm.region() + letter)) {
        return letter;
      }
    }
    throw new NetworkRefused(
        NetworkError.INVALID_PARAMETER_VALUE,
        "Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s."
            .formatted(
                name,
                StandardNetwork.ZONES.stream()
                    .map(letter -> realm.region() + letter)
                    .collect(Collectors.joining(", "))));
  }

  /** Removes a subnet in which there is no interface. */
  public void delete(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          Subnet subnet = new Lookup(draft.state(), realm).subnet(id);
          if (!draft.state().networks().taken(subnet.id()).isEmpty()) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "The subnet '%s' has dependencies and cannot be deleted.".formatted(id));
          }
          for (RouteTable table : draft.state().all(NetworkKind.ROUTE_TABLE)) {
            var rest =
                table.associations().stream()
                    .filter(it -> !it.subnets().contains(subnet.id()))
                    .toList();
            if (rest.size() < table.associations().size()) {
              draft.put(NetworkKind.ROUTE_TABLE, table.withAssociations(rest));
            }
          }
          draft.remove(NetworkKind.SUBNET, subnet.id());
          Networks.untag(draft, id);
          return subnet;
        });
  }

  /** Changes what interfaces get; what is absent stays. */
  public void modify(Realm realm, String id, Optional<Boolean> publicIp, Optional<Boolean> ipv6)
      throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          Subnet subnet = new Lookup(draft.state(), realm).subnet(id);
          if (ipv6.orElse(false) && subnet.ipv6Cidr().isEmpty()) {
            throw new NetworkRefused(
                NetworkError.INVALID_PARAMETER_VALUE,
                "Invalid value for 'assignIpv6AddressOnCreation': the subnet has no IPv6 CIDR.");
          }
          Subnet changed =
              subnet.withAttributes(
                  publicIp.orElse(subnet.mapPublicIp()), ipv6.orElse(subnet.assignIpv6()));
          if (!changed.equals(subnet)) {
            draft.put(NetworkKind.SUBNET, changed);
          }
          return changed;
        });
  }
}
