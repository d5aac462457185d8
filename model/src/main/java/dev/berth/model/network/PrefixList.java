package dev.berth.model.network;

import dev.berth.model.identity.Realm;
import java.util.List;

/**
 * A named list of ranges.
 *
 * @param version grows with every change of its entries
 * @param entryCountMax how many it may ever have
 */
public record PrefixList(
    PrefixListId id,
    Realm realm,
    String name,
    boolean ipv6,
    int entryCountMax,
    long version,
    List<Entry> entries)
    implements RealmResource {
  public PrefixList {
    entries = List.copyOf(entries);
  }

  /** One range. */
  public record Entry(Cidr cidr, String description) {}
}
