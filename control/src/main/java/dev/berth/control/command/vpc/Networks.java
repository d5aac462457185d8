package dev.berth.control.command.vpc;

import dev.berth.control.network.InterfaceAllocator;
import dev.berth.control.network.NetworkIds;
import dev.berth.control.network.StandardNetwork;
import dev.berth.control.state.Draft;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.identity.Realm;
import dev.berth.model.network.ResourceTags;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** What all commands on networks need: the ledger, new ids, new addresses, and tags. */
public final class Networks {
  private static final int TAG_COUNT_MAX = 50;

  private final Ledger ledger;
  private final InterfaceAllocator interfaces;
  private final StandardNetwork standard;
  private final InstantSource clock;

  public Networks(Ledger ledger, InterfaceAllocator interfaces, InstantSource clock) {
    this.ledger = ledger;
    this.interfaces = interfaces;
    this.standard = new StandardNetwork(interfaces.ids());
    this.clock = clock;
  }

  /** Decides on a realm's networks, which have at least what every realm has. */
  <T> T decide(Realm realm, Decision<T> decision) throws NetworkRefused {
    return ledger.decide(
        draft -> {
          standard.prepare(draft, realm, clock.instant());
          return decision.on(draft);
        });
  }

  /** Reads and changes the draft and nothing else. */
  @FunctionalInterface
  interface Decision<T> {
    T on(Draft draft) throws NetworkRefused;
  }

  NetworkIds ids() {
    return interfaces.ids();
  }

  InterfaceAllocator interfaces() {
    return interfaces;
  }

  StandardNetwork standard() {
    return standard;
  }

  Instant now() {
    return clock.instant();
  }

  /** Adds tags to a resource that is known to be there; a known key's value is replaced. */
  static void tag(Draft draft, Realm realm, String resource, Map<String, String> added)
      throws NetworkRefused {
    if (added.isEmpty()) {
      return;
    }
    var tags =
        new HashMap<>(
            draft
                .find(NetworkKind.RESOURCE_TAGS, resource)
                .map(ResourceTags::tags)
                .orElse(Map.of()));
    tags.putAll(added);
    for (String key : added.keySet()) {
      if (key.isEmpty() || key.startsWith("aws:")) {
        throw new NetworkRefused(
            NetworkError.INVALID_PARAMETER_VALUE,
            key.isEmpty()
                ? "Tag keys must not be empty."
                : "Tag keys starting with 'aws:' are reserved for internal use");
      }
    }
    if (tags.size() > TAG_COUNT_MAX) {
      throw new NetworkRefused(
          NetworkError.TAG_LIMIT, "The maximum number of tags on a resource is " + TAG_COUNT_MAX);
    }
    draft.put(NetworkKind.RESOURCE_TAGS, new ResourceTags(resource, realm, tags));
  }

  /** Forgets the tags of a resource that goes. */
  static void untag(Draft draft, String resource) {
    draft.remove(NetworkKind.RESOURCE_TAGS, resource);
  }
}
