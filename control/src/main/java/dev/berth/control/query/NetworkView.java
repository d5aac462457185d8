package dev.berth.control.query;

import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.state.HeldInterface;
import dev.berth.control.state.Kind;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.EniId;
import dev.berth.model.network.InternetGatewayId;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.NatGatewayId;
import dev.berth.model.network.NetworkInterface;
import dev.berth.model.network.RealmResource;
import dev.berth.model.network.ResourceTags;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.VpcId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A realm's networks at one moment. */
public final class NetworkView {
  private final State state;
  private final Realm realm;

  NetworkView(State state, Realm realm) {
    this.state = state;
    this.realm = realm;
  }

  public Realm realm() {
    return realm;
  }

  /** All of a kind, in no order. */
  public <K, R extends Record & RealmResource> Stream<R> all(Kind<K, R> kind) {
    return state.all(kind).stream().filter(each -> each.realm().equals(realm));
  }

  /** The one of that id, if it is this realm's. */
  public <K, R extends Record & RealmResource> Optional<R> find(Kind<K, R> kind, K id) {
    return state.find(kind, id).filter(each -> each.realm().equals(realm));
  }

  /** All interfaces that exist, whoever has them. */
  public Stream<HeldInterface> interfaces() {
    return all(NetworkKind.VPC)
        .flatMap(vpc -> state.networks().in(vpc.id()).interfaces().values().stream());
  }

  /** An interface that exists. */
  public Optional<HeldInterface> find(EniId id) {
    return state.networks().find(id).filter(held -> held.realm().equals(realm));
  }

  /** What an interface that was made by itself is beside its addresses. */
  public Optional<NetworkInterface> made(EniId id) {
    return find(NetworkKind.NETWORK_INTERFACE, id);
  }

  public Optional<Task> task(TaskId id) {
    return state.find(Kind.TASK, id);
  }

  /** The tags of a resource, by its id. */
  public Map<String, String> tags(String resource) {
    return find(NetworkKind.RESOURCE_TAGS, resource).map(ResourceTags::tags).orElse(Map.of());
  }

  /** How many addresses of a subnet nobody has. */
  public int freeAddressCount(Subnet subnet) {
    return InterfaceAllocator.freeCount(state, subnet);
  }

  /** Whether a route of a VPC leads nowhere because its target is gone. */
  public boolean isBlackhole(VpcId vpc, RouteTable.Target target) {
    return switch (target) {
      case RouteTable.Target.ToInternet(InternetGatewayId id) ->
          find(NetworkKind.INTERNET_GATEWAY, id).flatMap(gateway -> gateway.vpc()).stream()
              .noneMatch(vpc::equals);
      case RouteTable.Target.ToEgressOnly(var id) ->
          find(NetworkKind.EGRESS_ONLY_GATEWAY, id).isEmpty();
      case RouteTable.Target.ToNat(NatGatewayId id) ->
          find(NetworkKind.NAT_GATEWAY, id).flatMap(NatGateway::deletedAt).isPresent()
              || find(NetworkKind.NAT_GATEWAY, id).isEmpty();
    };
  }
}
