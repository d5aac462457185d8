package dev.berth.control.command.vpc;

import dev.berth.control.network.StandardNetwork;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Kind;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** VPCs: made, changed and removed. */
public final class VpcCommands {
  private static final int PREFIX_LENGTH_MIN = 16;
  private static final int PREFIX_LENGTH_MAX = 28;
  private static final int CIDR_COUNT_MAX = 5;

  private final Networks networks;

  public VpcCommands(Networks networks) {
    this.networks = networks;
  }

  /**
   * What a new VPC should be.
   *
   * @param withIpv6 whether it gets an IPv6 range of /56
   */
  public record Wish(
      String cidr, boolean withIpv6, Optional<String> tenancy, Map<String, String> tags) {
    public Wish {
      tags = Map.copyOf(tags);
    }
  }

  /** Makes a VPC with a main route table and a default security group. */
  public Vpc create(Realm realm, Wish wish) throws NetworkRefused {
    Cidr cidr = range(wish.cidr());
    return networks.decide(
        realm,
        draft -> {
          var vpc =
              new Vpc(
                  networks.ids().vpc(),
                  realm,
                  List.of(cidr),
                  wish.withIpv6() ? Optional.of(ipv6Range()) : Optional.<Cidr>empty(),
                  false,
                  true,
                  false,
                  wish.tenancy().orElse("default"));
          networks.standard().add(draft, vpc, List.of());
          Networks.tag(draft, realm, vpc.id().value(), wish.tags());
          return vpc;
        });
  }

  /** Makes the default VPC again after it was deleted. */
  public Vpc createDefault(Realm realm) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          Optional<Vpc> known = defaultVpc(draft.state(), realm);
          if (known.isPresent()) {
            throw new NetworkRefused(
                NetworkError.DEFAULT_VPC_EXISTS,
                "A Default VPC already exists for this account in this region.");
          }
          return networks.standard().make(draft, realm);
        });
  }

  /** Makes the default subnet of a zone again. */
  public Subnet createDefaultSubnet(Realm realm, String zoneName) throws NetworkRefused {
    String zone = SubnetCommands.zone(realm, zoneName);
    return networks.decide(
        realm,
        draft -> {
          Vpc vpc =
              defaultVpc(draft.state(), realm)
                  .orElseThrow(
                      () ->
                          new NetworkRefused(
                              NetworkError.DEFAULT_VPC_MISSING,
                              "No default VPC exists for this account in this region."));
          Subnet subnet = networks.standard().subnet(vpc, zone);
          for (Subnet other : SubnetCommands.in(draft.state(), vpc.id()).toList()) {
            if (other.defaultForZone() && other.zone().equals(zone)) {
              throw new NetworkRefused(
                  NetworkError.DEFAULT_SUBNET_EXISTS,
                  "A default subnet already exists in availability zone " + zoneName + ".");
            }
            SubnetCommands.checkApart(other, subnet.cidr());
          }
          draft.put(NetworkKind.SUBNET, subnet);
          return subnet;
        });
  }

  private static Optional<Vpc> defaultVpc(State state, Realm realm) {
    return state.all(NetworkKind.VPC).stream()
        .filter(vpc -> vpc.realm().equals(realm) && vpc.isDefault())
        .findFirst();
  }

  /** Removes a VPC in which nothing is left but what it came with. */
  public void delete(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          Vpc vpc = new Lookup(draft.state(), realm).vpc(id);
          if (isInUse(draft.state(), vpc.id())) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "The vpc '%s' has dependencies and cannot be deleted.".formatted(id));
          }
          tables(draft.state(), vpc.id())
              .forEach(table -> remove(draft, NetworkKind.ROUTE_TABLE, table.id()));
          groups(draft.state(), vpc.id())
              .forEach(group -> remove(draft, NetworkKind.SECURITY_GROUP, group.id()));
          remove(draft, NetworkKind.VPC, vpc.id());
          return vpc;
        });
  }

  private static <K, R extends Record> void remove(Draft draft, Kind<K, R> kind, K id) {
    draft.remove(kind, id);
    Networks.untag(draft, String.valueOf(id));
  }

  private static boolean isInUse(State state, VpcId vpc) {
    return !state.networks().in(vpc).interfaces().isEmpty()
        || SubnetCommands.in(state, vpc).findAny().isPresent()
        || tables(state, vpc).anyMatch(table -> !table.isMain())
        || groups(state, vpc).anyMatch(group -> !group.isDefault())
        || state.all(NetworkKind.VPC_ENDPOINT).stream().anyMatch(it -> it.vpc().equals(vpc))
        || state.all(NetworkKind.EGRESS_ONLY_GATEWAY).stream().anyMatch(it -> it.vpc().equals(vpc))
        || state.all(NetworkKind.INTERNET_GATEWAY).stream()
            .anyMatch(it -> it.vpc().equals(Optional.of(vpc)));
  }

  private static Stream<RouteTable> tables(State state, VpcId vpc) {
    return state.all(NetworkKind.ROUTE_TABLE).stream().filter(it -> it.vpc().equals(vpc));
  }

  private static Stream<SecurityGroup> groups(State state, VpcId vpc) {
    return state.all(NetworkKind.SECURITY_GROUP).stream().filter(it -> it.vpc().equals(vpc));
  }

  /** Changes how a VPC answers questions of names; what is absent stays. */
  public void modifyDns(
      Realm realm, String id, Optional<Boolean> support, Optional<Boolean> hostnames)
      throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          Vpc vpc = new Lookup(draft.state(), realm).vpc(id);
          Vpc changed =
              vpc.withDns(support.orElse(vpc.dnsSupport()), hostnames.orElse(vpc.dnsHostnames()));
          if (!changed.equals(vpc)) {
            draft.put(NetworkKind.VPC, changed);
          }
          return changed;
        });
  }

  /** Gives a VPC a further range. */
  public Cidr addRange(Realm realm, String id, String text) throws NetworkRefused {
    Cidr cidr = range(text);
    return networks.decide(
        realm,
        draft -> {
          Vpc vpc = new Lookup(draft.state(), realm).vpc(id);
          if (vpc.cidrs().stream().anyMatch(cidr::overlaps)
              || vpc.cidrs().size() >= CIDR_COUNT_MAX) {
            throw new NetworkRefused(
                NetworkError.VPC_RANGE,
                "The CIDR '%s' overlaps a range of the VPC, or there are %d already."
                    .formatted(cidr, CIDR_COUNT_MAX));
          }
          var cidrs = new ArrayList<>(vpc.cidrs());
          cidrs.add(cidr);
          draft.put(NetworkKind.VPC, vpc.withCidrs(cidrs, vpc.ipv6Cidr()));
          return cidr;
        });
  }

  /** Gives a VPC an IPv6 range. */
  public Cidr addIpv6Range(Realm realm, String id) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          Vpc vpc = new Lookup(draft.state(), realm).vpc(id);
          if (vpc.ipv6Cidr().isPresent()) {
            throw new NetworkRefused(
                NetworkError.VPC_RANGE, "The VPC '%s' has an IPv6 range already.".formatted(id));
          }
          Cidr cidr = ipv6Range();
          draft.put(NetworkKind.VPC, vpc.withCidrs(vpc.cidrs(), Optional.of(cidr)));
          return cidr;
        });
  }

  /** Takes a range from a VPC, in which there must be no subnet; never its first one. */
  public void removeRange(Realm realm, VpcId id, Cidr cidr) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          Vpc vpc = new Lookup(draft.state(), realm).vpc(id.value());
          if (vpc.cidrs().getFirst().equals(cidr)) {
            throw new NetworkRefused(
                NetworkError.OPERATION_NOT_PERMITTED,
                "The primary CIDR block '%s' cannot be disassociated.".formatted(cidr));
          }
          boolean isUsed =
              SubnetCommands.in(draft.state(), id)
                  .flatMap(it -> Stream.concat(Stream.of(it.cidr()), it.ipv6Cidr().stream()))
                  .anyMatch(cidr::contains);
          if (isUsed) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "The CIDR block '%s' has dependencies and cannot be disassociated."
                    .formatted(cidr));
          }
          Vpc less =
              vpc.withCidrs(
                  vpc.cidrs().stream().filter(it -> !it.equals(cidr)).toList(),
                  vpc.ipv6Cidr().filter(it -> !it.equals(cidr)));
          draft.put(NetworkKind.VPC, less);
          return less;
        });
  }

  private static Cidr range(String text) throws NetworkRefused {
    Cidr cidr = Lookup.cidr(text, "cidrBlock");
    if (!cidr.network().isIpv4()
        || cidr.prefixLength() < PREFIX_LENGTH_MIN
        || cidr.prefixLength() > PREFIX_LENGTH_MAX) {
      throw new NetworkRefused(
          NetworkError.VPC_RANGE,
          "The CIDR '%s' is invalid. Its prefix must be between /%d and /%d."
              .formatted(cidr, PREFIX_LENGTH_MIN, PREFIX_LENGTH_MAX));
    }
    return cidr;
  }

  /** Of chance, and of nobody's outside: unique local addresses. */
  private Cidr ipv6Range() {
    long bits = networks.ids().random().nextLong();
    return new Cidr(
        new IpAddress(
            "fd%02x:%x:%x:%x::"
                .formatted(
                    bits & 0xFF, bits >>> 8 & 0xFFFF, bits >>> 24 & 0xFFFF, bits >>> 40 & 0xFF00)),
        StandardNetwork.IPV6_PREFIX_LENGTH);
  }
}
