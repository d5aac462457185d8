package dev.berth.control.command.vpc;

import dev.berth.control.state.Draft;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.RouteTable.Association;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.SubnetId;
import dev.berth.model.network.Vpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Route tables and which subnets use them; {@link RouteCommands} changes what is in them. */
public final class RouteTableCommands {
  private final Networks networks;

  public RouteTableCommands(Networks networks) {
    this.networks = networks;
  }

  /** Makes a table without routes but the local ones. */
  public RouteTable create(Realm realm, String vpcId, Map<String, String> tags, Once once)
      throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          Optional<String> before = once.madeBefore(draft, realm);
          if (before.isPresent()) {
            return new Lookup(draft.state(), realm).routeTable(before.get());
          }
          Vpc vpc = new Lookup(draft.state(), realm).vpc(vpcId);
          var table =
              new RouteTable(networks.ids().routeTable(), realm, vpc.id(), List.of(), List.of());
          draft.put(NetworkKind.ROUTE_TABLE, table);
          Networks.tag(draft, realm, table.id().value(), tags);
          once.made(draft, realm, table.id().value(), networks.now());
          return table;
        });
  }

  /** Removes a table that no subnet uses and that is not its VPC's main one. */
  public void delete(Realm realm, String id) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          RouteTable table = new Lookup(draft.state(), realm).routeTable(id);
          if (!table.associations().isEmpty()) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "The routeTable '%s' has dependencies and cannot be deleted.".formatted(id));
          }
          draft.remove(NetworkKind.ROUTE_TABLE, table.id());
          Networks.untag(draft, id);
          return table;
        });
  }

  /** Gives a subnet a table of its own; asked for again, it answers the same id. */
  public String associate(Realm realm, String id, String subnetId) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          var lookup = new Lookup(draft.state(), realm);
          RouteTable table = lookup.routeTable(id);
          Subnet subnet = lookup.subnet(subnetId);
          checkSameVpc(table, subnet);
          Optional<Found> known = of(draft.state(), subnet.id());
          if (known.isPresent() && known.get().table().id().equals(table.id())) {
            return known.get().association().id();
          }
          if (known.isPresent()) {
            throw new NetworkRefused(
                NetworkError.RESOURCE_ALREADY_ASSOCIATED,
                "the specified association for route table %s conflicts with an existing association"
                    .formatted(id));
          }
          return add(draft, table, List.of(subnet.id()));
        });
  }

  /** Takes a subnet's table away, so that it uses the main one. */
  public void disassociate(Realm realm, String associationId) throws NetworkRefused {
    networks.decide(
        realm,
        draft -> {
          Found found = find(draft.state(), realm, associationId);
          if (found.association().isMain()) {
            throw new NetworkRefused(
                NetworkError.INVALID_PARAMETER_VALUE,
                "cannot disassociate the main route table association " + associationId);
          }
          return remove(draft, found);
        });
  }

  /** Moves an association, which may be the main one, to another table; it gets a new id. */
  public String replace(Realm realm, String associationId, String id) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          Found found = find(draft.state(), realm, associationId);
          RouteTable target = new Lookup(draft.state(), realm).routeTable(id);
          if (!target.vpc().equals(found.table().vpc())) {
            throw differentNetworks(id, found.table().id().value());
          }
          remove(draft, found);
          RouteTable now = new Lookup(draft.state(), realm).routeTable(id);
          return add(draft, now, found.association().subnets());
        });
  }

  private String add(Draft draft, RouteTable table, List<SubnetId> subnets) {
    var association = new Association(networks.ids().routeTableAssociation(), subnets);
    var more = new ArrayList<>(table.associations());
    more.add(association);
    draft.put(NetworkKind.ROUTE_TABLE, table.withAssociations(more));
    return association.id();
  }

  private static RouteTable remove(Draft draft, Found found) {
    RouteTable less =
        found
            .table()
            .withAssociations(
                found.table().associations().stream()
                    .filter(it -> !it.equals(found.association()))
                    .toList());
    draft.put(NetworkKind.ROUTE_TABLE, less);
    return less;
  }

  private record Found(RouteTable table, Association association) {}

  private static Optional<Found> of(State state, SubnetId subnet) {
    return state.all(NetworkKind.ROUTE_TABLE).stream()
        .flatMap(table -> table.associations().stream().map(it -> new Found(table, it)))
        .filter(found -> found.association().subnets().contains(subnet))
        .findFirst();
  }

  private static Found find(State state, Realm realm, String associationId) throws NetworkRefused {
    return state.all(NetworkKind.ROUTE_TABLE).stream()
        .filter(table -> table.realm().equals(realm))
        .flatMap(table -> table.associations().stream().map(it -> new Found(table, it)))
        .filter(found -> found.association().id().equals(associationId))
        .findFirst()
        .orElseThrow(
            () ->
                new NetworkRefused(
                    NetworkError.ASSOCIATION_NOT_FOUND,
                    "The association ID '%s' does not exist".formatted(associationId)));
  }

  private static void checkSameVpc(RouteTable table, Subnet subnet) throws NetworkRefused {
    if (!table.vpc().equals(subnet.vpc())) {
      throw differentNetworks(table.id().value(), subnet.id().value());
    }
  }

  private static NetworkRefused differentNetworks(String one, String other) {
    return new NetworkRefused(
        NetworkError.INVALID_PARAMETER_VALUE,
        "Route table %s and %s belong to different networks".formatted(one, other));
  }
}
