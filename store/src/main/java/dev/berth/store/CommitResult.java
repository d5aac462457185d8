package dev.berth.store;

import java.util.List;

/** What became of a transaction. */
public sealed interface CommitResult {

  /**
   * Applied and durable.
   *
   * @param revision the revision it made; if it changed nothing, the revision at which all it
   *     required was true
   */
  record Committed(long revision) implements CommitResult {}

  /**
   * Not applied: these keys were not as required. Read them again, decide again.
   *
   * @param keys in the order of the compares; for a prefix that is not free, the first key below it
   */
  record Conflict(List<String> keys) implements CommitResult {
    public Conflict {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Perhaps applied, perhaps not, and perhaps applied later: the store failed, or was out of reach,
   * while it was committing. Only reading again tells; a write that requires the versions read
   * before may be repeated safely.
   */
  record Unknown(String reason) implements CommitResult {}
}
