package dev.berth.control.command.vpc;

import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.Cidr;
import dev.berth.model.network.PrefixList;
import dev.berth.model.network.PrefixList.Entry;
import dev.berth.model.network.PrefixListId;
import dev.berth.model.network.RouteTable;
import dev.berth.model.network.SecurityGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An account's own prefix lists. */
public final class PrefixListCommands {
  private static final int ENTRY_COUNT_MAX = 1000;

  private final Networks networks;

  public PrefixListCommands(Networks networks) {
    this.networks = networks;
  }

  /** An entry as it is declared. */
  public record EntryWish(String cidr, String description) {}

  /** What a new list should be. */
  public record Wish(
      String name,
      boolean ipv6,
      int entryCountMax,
      List<EntryWish> entries,
      Map<String, String> tags) {
    public Wish {
      entries = List.copyOf(entries);
      tags = Map.copyOf(tags);
    }
  }

  /** Makes a list. */
  public PrefixList create(Realm realm, Wish wish, Once once) throws NetworkRefused {
    if (wish.entryCountMax() < 1 || wish.entryCountMax() > ENTRY_COUNT_MAX) {
      throw new NetworkRefused(
          NetworkError.INVALID_PARAMETER_VALUE,
          "maxEntries must be between 1 and " + ENTRY_COUNT_MAX + ".");
    }
    return networks.decide(
        realm,
        draft -> {
          Optional<String> before = once.madeBefore(draft, realm);
          if (before.isPresent()) {
            return new Lookup(draft.state(), realm).prefixList(before.get());
          }
          var empty =
              new PrefixList(
                  networks.ids().prefixList(),
                  realm,
                  wish.name(),
                  wish.ipv6(),
                  wish.entryCountMax(),
                  1,
                  List.of());
          PrefixList list = changed(empty, 1, wish.entryCountMax(), wish.entries(), List.of());
          draft.put(NetworkKind.PREFIX_LIST, list);
          Networks.tag(draft, realm, list.id().value(), wish.tags());
          once.made(draft, realm, list.id().value(), networks.now());
          return list;
        });
  }

  /**
   * Changes a list, which gets the next version.
   *
   * @param knownVersion the version that the client has seen, if it says
   */
  public PrefixList modify(
      Realm realm,
      String id,
      Optional<Long> knownVersion,
      Optional<Integer> entryCountMax,
      List<EntryWish> added,
      List<String> removed)
      throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          PrefixList list = new Lookup(draft.state(), realm).prefixList(id);
          if (knownVersion.isPresent() && knownVersion.get() != list.version()) {
            throw new NetworkRefused(
                NetworkError.PREFIX_LIST_VERSION,
                "The prefix list has the incorrect version number; it is at " + list.version());
          }
          PrefixList changed =
              changed(
                  list,
                  list.version() + 1,
                  entryCountMax.orElse(list.entryCountMax()),
                  added,
                  removed);
          draft.put(NetworkKind.PREFIX_LIST, changed);
          return changed;
        });
  }

  private static PrefixList changed(
      PrefixList list, long version, int countMax, List<EntryWish> added, List<String> removed)
      throws NetworkRefused {
    var entries = new ArrayList<>(list.entries());
    for (String text : removed) {
      Cidr cidr = Lookup.cidr(text, "cidr");
      if (!entries.removeIf(entry -> entry.cidr().equals(cidr))) {
        throw new NetworkRefused(
            NetworkError.INVALID_PARAMETER_VALUE, "The prefix list has no entry " + cidr);
      }
    }
    for (EntryWish wish : added) {
      Cidr cidr = Lookup.cidr(wish.cidr(), "cidr");
      if (cidr.network().isIpv4() == list.ipv6()) {
        throw new NetworkRefused(
            NetworkError.INVALID_PARAMETER_VALUE,
            "The entry %s is not of the list's address family.".formatted(cidr));
      }
      entries.removeIf(entry -> entry.cidr().equals(cidr));
      entries.add(new Entry(cidr, wish.description()));
    }
    if (entries.size() > countMax) {
      throw new NetworkRefused(
          NetworkError.PREFIX_LIST_MAX,
          "The prefix list can have at most %d entries.".formatted(countMax));
    }
    return new PrefixList(
        list.id(), list.realm(), list.name(), list.ipv6(), countMax, version, entries);
  }

  /** Removes a list that no rule and no route names. */
  public PrefixList delete(Realm realm, String id) throws NetworkRefused {
    return networks.decide(
        realm,
        draft -> {
          PrefixList list = new Lookup(draft.state(), realm).prefixList(id);
          if (isReferenced(draft.state(), list.id())) {
            throw new NetworkRefused(
                NetworkError.DEPENDENCY_VIOLATION,
                "The prefix list '%s' is in use and cannot be deleted.".formatted(id));
          }
          draft.remove(NetworkKind.PREFIX_LIST, list.id());
          Networks.untag(draft, id);
          return list;
        });
  }

  private static boolean isReferenced(State state, PrefixListId id) {
    Stream<Object> byRules =
        state.all(NetworkKind.SECURITY_GROUP).stream()
            .flatMap(group -> group.rules().stream())
            .map(rule -> rule.traffic().peer());
    Stream<Object> byRoutes =
        state.all(NetworkKind.ROUTE_TABLE).stream()
            .flatMap(table -> table.routes().stream())
            .map(RouteTable.Route::destination);
    return byRules.anyMatch(new SecurityGroup.Peer.Prefixes(id)::equals)
        || byRoutes.anyMatch(new RouteTable.Destination.Prefixes(id)::equals);
  }
}
