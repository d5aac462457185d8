package dev.berth.store;

import java.util.List;

/** What a watch tells. */
public sealed interface WatchEvent {

  /**
   * One transaction's writes below the watched prefix, in the order the transaction gave. Each key
   * written is at version {@code revision}.
   *
   * @param writes at least one; no delete of a key that was absent
   */
  record Changed(long revision, List<Write> writes) implements WatchEvent {
    public Changed {
      writes = List.copyOf(writes);
    }
  }

  /**
   * Changes that the watch should have shown are forgotten, and it ends: scan the prefix, then
   * watch from there.
   *
   * @param oldestRevision the first revision that could still be replayed
   */
  record Compacted(long oldestRevision) implements WatchEvent {}

  /** The watch or its store was closed, or its store failed. Nothing more will come. */
  record Closed() implements WatchEvent {}
}
