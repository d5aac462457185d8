package dev.berth.store.history;

import dev.berth.store.WatchEvent;
import java.util.List;

/** The changes of a bounded number of last revisions. */
public interface History {
  /** How many last revisions can be replayed, unless configured. */
  int REVISION_COUNT_DEFAULT = 10_000;

  /** A page ends after that many revisions, whether they match or not … */
  int PAGE_REVISION_COUNT_MAX = 1_000;

  /** … or with the change that brings it over that many bytes. */
  int PAGE_BYTES_MAX = 1 << 20;

  /**
   * Reads what changed below the prefix from that revision on, which was reached before. Always
   * gets at least one revision further, or says that it is forgotten.
   */
  Page read(String prefix, long fromRevision);

  /**
   * What was read: changes in order, or a single {@link WatchEvent.Compacted}.
   *
   * @param nextRevision where to read on
   */
  record Page(List<WatchEvent> events, long nextRevision) {
    public Page {
      events = List.copyOf(events);
    }

    public static Page compacted(long oldestRevision) {
      return new Page(List.of(new WatchEvent.Compacted(oldestRevision)), oldestRevision);
    }
  }
}
