package dev.berth.control.network;

import dev.berth.control.state.State;
import dev.berth.model.identity.Region;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.VpcId;
import java.util.List;
import java.util.Optional;

/**
 * Gives interfaces their addresses. Nothing is written down here: an address is taken once the
 * record that holds the interface is in the draft, so one draft never gives an address twice.
 *
 * @param publicPool the operator's range of public addresses, of all accounts
 */
public record InterfaceAllocator(NetworkIds ids, Cidr publicPool) {
  /** Addresses that only the host itself reaches: what there is without a word of the operator. */
  public static final Cidr PUBLIC_POOL_STANDARD = Cidr.parse("100.127.0.0/16");

  /** The one region whose names have another form. */
  private static final Region FIRST_REGION = new Region("us-east-1");

  /** A new interface in a subnet, or nothing when the subnet or the public pool is used up. */
  public Optional<EniSpec> allocate(
      State state, Subnet subnet, List<SecurityGroupId> groups, boolean withPublicAddress) {
    Optional<IpAddress> address = privateAddress(state, subnet);
    Optional<IpAddress> outside =
        withPublicAddress ? publicAddress(state) : Optional.<IpAddress>empty();
    if (address.isEmpty() || (withPublicAddress && outside.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(with(state, subnet, groups, address.get(), outside));
  }

  /** A new interface with IPv4 alone, or nothing when the subnet is used up. */
  public Optional<EniSpec> allocateIpv4(State state, Subnet subnet, List<SecurityGroupId> groups) {
    return privateAddress(state, subnet)
        .map(address -> with(subnet, groups, address, Optional.empty(), Optional.empty()));
  }

  /** A new interface with addresses that the caller knows to be free. */
  public EniSpec with(
      State state,
      Subnet subnet,
      List<SecurityGroupId> groups,
      IpAddress address,
      Optional<IpAddress> publicAddress) {
    Optional<IpAddress> ipv6 =
        subnet
            .ipv6Cidr()
            .map(
                cidr ->
                    new AddressRange(cidr)
                        .pickIpv6(state.networks().taken(subnet.id()), ids.random().nextLong()));
    return with(subnet, groups, address, ipv6, publicAddress);
  }

  private EniSpec with(
      Subnet subnet,
      List<SecurityGroupId> groups,
      IpAddress address,
      Optional<IpAddress> ipv6,
      Optional<IpAddress> publicAddress) {
    return new EniSpec(
        ids.networkInterface(),
        subnet.vpc(),
        subnet.id(),
        macAddress(subnet.vpc(), address),
        address,
        ipv6,
        publicAddress,
        groups,
        privateDnsName(subnet.realm().region(), address));
  }

  /** A free address of a subnet. */
  public Optional<IpAddress> privateAddress(State state, Subnet subnet) {
    return new AddressRange(subnet.cidr())
        .pick(state.networks().taken(subnet.id()), ids.random().nextLong());
  }

  /** A free address of the operator's pool. */
  public Optional<IpAddress> publicAddress(State state) {
    return new AddressRange(publicPool)
        .pick(state.networks().publicAddresses(), ids.random().nextLong());
  }

  /** Whether an interface in a subnet may have an address, if nobody else has it. */
  public boolean mayBeGiven(Subnet subnet, IpAddress address) {
    return new AddressRange(subnet.cidr()).mayGive(address);
  }

  /** How many addresses of a subnet are free. */
  public static int freeCount(State state, Subnet subnet) {
    long ipv4Count = state.networks().taken(subnet.id()).stream().filter(IpAddress::isIpv4).count();
    return Math.toIntExact(new AddressRange(subnet.cidr()).count() - ipv4Count);
  }

  /** Locally administered; differs within a VPC because the address does. */
  private static String macAddress(VpcId vpc, IpAddress address) {
    byte[] bytes = address.bytes();
    return "02:%02x:%02x:%02x:%02x:%02x"
        .formatted(vpc.value().hashCode() & 0xFF, bytes[0], bytes[1], bytes[2], bytes[3]);
  }

  private static String privateDnsName(Region region, IpAddress address) {
    String host = "ip-" + address.value().replace('.', '-');
    return region.equals(FIRST_REGION)
        ? host + ".ec2.internal"
        : host + "." + region + ".compute.internal";
  }
}
