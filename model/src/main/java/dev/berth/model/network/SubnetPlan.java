package dev.berth.model.network;

import java.util.List;
import java.util.Optional;

/**
 * A subnet and where its packets go.
 *
 * @param cidrs its range, and its IPv6 range where it has one
 * @param routes of its route table without the local one, which always holds; the longest prefix
 *     wins
 */
public record SubnetPlan(SubnetId id, List<Cidr> cidrs, List<Route> routes) {
  public SubnetPlan {
    cidrs = List.copyOf(cidrs);
    routes = List.copyOf(routes);
  }

  /** Which of its ranges an address is of. */
  public Optional<Cidr> range(IpAddress address) {
    return cidrs.stream().filter(cidr -> cidr.contains(address)).findFirst();
  }

  /** One route. */
  public record Route(Cidr destination, Target target) {}

  /** Where a route leads. */
  public sealed interface Target {
    /** Out, for an interface with a public address (or with IPv6); otherwise nowhere. */
    record InternetGateway() implements Target {}

    /** Out for IPv6, and only answers come back in. */
    record EgressOnlyGateway() implements Target {}

    /** Out through an address that stands for all of the subnet's. */
    record NatGateway(IpAddress publicAddress) implements Target {}

    /** Its target is gone: packets are dropped. */
    record Blackhole() implements Target {}
  }
}
