package dev.berth.store;

import java.util.List;

/** The entries below a prefix, ordered by key, all as of one revision. */
public record Snapshot(long revision, List<Entry> entries) {
  public Snapshot {
    entries = List.copyOf(entries);
  }
}
