package dev.berth.control.state;

import dev.berth.model.network.EgressOnlyGateway;
import dev.berth.model.network.ElasticAddress;
import dev.berth.model.network.EniId;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.InternetGateway;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.PrefixList;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.Vpc;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/** Who has which address, and what of each VPC changed when. Immutable. */
public final class NetworkIndex {
  static final NetworkIndex EMPTY =
      new NetworkIndex(
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty());

  private final PMap<VpcId, VpcInterfaces> vpcs;
  private final PMap<EniId, VpcId> interfaces;
  private final PMap<SubnetId, PSet<IpAddress>> taken;
  private final PMap<SecurityGroupId, Integer> groupUses;

  /** By how many records: a gateway has the elastic address that the account has too. */
  private final PMap<IpAddress, Integer> publicAddresses;

  private NetworkIndex(
      PMap<VpcId, VpcInterfaces> vpcs,
      PMap<EniId, VpcId> interfaces,
      PMap<SubnetId, PSet<IpAddress>> taken,
      PMap<SecurityGroupId, Integer> groupUses,
      PMap<IpAddress, Integer> publicAddresses) {
    this.vpcs = vpcs;
    this.interfaces = interfaces;
    this.taken = taken;
    this.groupUses = groupUses;
    this.publicAddresses = publicAddresses;
  }

  /** A VPC's interfaces and the revisions of its changes. */
  public VpcInterfaces in(VpcId vpc) {
    return vpcs.getOrDefault(vpc, VpcInterfaces.NONE);
  }

  public Optional<HeldInterface> find(EniId id) {
    return Optional.ofNullable(interfaces.get(id))
        .flatMap(vpc -> Optional.ofNullable(in(vpc).interfaces().get(id)));
  }

  /** The addresses of a subnet that interfaces have, IPv6 ones too. */
  public Set<IpAddress> taken(SubnetId subnet) {
    return taken.getOrDefault(subnet, HashTreePSet.empty());
  }

  /** How many interfaces are in a group. */
  public int useCount(SecurityGroupId group) {
    return groupUses.getOrDefault(group, 0);
  }

  /** The public addresses that somebody has, of all accounts. */
  public Set<IpAddress> publicAddresses() {
    return publicAddresses.keySet();
  }

  /** The index after a record has taken the place of another of its kind and key. */
  NetworkIndex changed(@Nullable Record before, @Nullable Record after, long revision) {
    Set<VpcId> declared = new HashSet<>();
    addDeclared(before, declared);
    addDeclared(after, declared);
    NetworkIndex next = this;
    if (before instanceof ElasticAddress address) {
      next = next.withPublic(counted(next.publicAddresses, address.address(), -1));
    }
    if (after instanceof ElasticAddress address) {
      next = next.withPublic(counted(next.publicAddresses, address.address(), 1));
    }
    for (VpcId vpc : declared) {
      next = next.withVpc(vpc, next.in(vpc).declared(revision));
    }
    return next.held(HeldInterface.of(before), HeldInterface.of(after), revision);
  }

  /** Which VPCs a record declares something of. A prefix list may be any one's of its realm. */
  private void addDeclared(@Nullable Record entry, Set<VpcId> into) {
    switch (entry) {
      case Vpc vpc -> into.add(vpc.id());
      case Subnet subnet -> into.add(subnet.vpc());
      case RouteTable table -> into.add(table.vpc());
      case SecurityGroup group -> into.add(group.vpc());
      case NatGateway gateway -> into.add(gateway.eni().vpc());
      case VpcEndpoint endpoint -> into.add(endpoint.vpc());
      case EgressOnlyGateway gateway -> into.add(gateway.vpc());
      case InternetGateway gateway -> gateway.vpc().ifPresent(into::add);
      case PrefixList _ -> into.addAll(vpcs.keySet());
      case null, default -> {}
    }
  }

  private NetworkIndex held(List<HeldInterface> before, List<HeldInterface> after, long revision) {
    NetworkIndex next = this;
    for (HeldInterface held : before) {
      if (!after.contains(held)) {
        VpcId vpc = held.eni().vpc();
        next = next.counted(held.eni(), false);
        next = next.withVpc(vpc, next.in(vpc).without(held.eni(), revision));
      }
    }
    for (HeldInterface holds : after) {
      if (!before.contains(holds)) {
        VpcId vpc = holds.eni().vpc();
        next = next.counted(holds.eni(), true);
        next = next.withVpc(vpc, next.in(vpc).with(holds, revision));
      }
    }
    return next;
  }

  private NetworkIndex counted(EniSpec eni, boolean comes) {
    PSet<IpAddress> addresses = taken.getOrDefault(eni.subnet(), HashTreePSet.empty());
    addresses =
        comes ? addresses.plus(eni.privateAddress()) : addresses.minus(eni.privateAddress());
    PMap<IpAddress, Integer> outside = publicAddresses;
    if (eni.ipv6Address().isPresent()) {
      IpAddress ipv6 = eni.ipv6Address().get();
      addresses = comes ? addresses.plus(ipv6) : addresses.minus(ipv6);
    }
    if (eni.publicAddress().isPresent()) {
      IpAddress address = eni.publicAddress().get();
      outside = counted(outside, address, comes ? 1 : -1);
    }
    PMap<SecurityGroupId, Integer> uses = groupUses;
    for (SecurityGroupId group : eni.groups()) {
      uses = counted(uses, group, comes ? 1 : -1);
    }
    return new NetworkIndex(
        vpcs,
        comes ? interfaces.plus(eni.id(), eni.vpc()) : interfaces.minus(eni.id()),
        addresses.isEmpty() ? taken.minus(eni.subnet()) : taken.plus(eni.subnet(), addresses),
        uses,
        outside);
  }

  private NetworkIndex withVpc(VpcId vpc, VpcInterfaces now) {
    return new NetworkIndex(vpcs.plus(vpc, now), interfaces, taken, groupUses, publicAddresses);
  }

  private NetworkIndex withPublic(PMap<IpAddress, Integer> addresses) {
    return new NetworkIndex(vpcs, interfaces, taken, groupUses, addresses);
  }

  private static <K> PMap<K, Integer> counted(PMap<K, Integer> counts, K key, int more) {
    int count = counts.getOrDefault(key, 0) + more;
    return count == 0 ? counts.minus(key) : counts.plus(key, count);
  }
}
