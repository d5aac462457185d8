package dev.berth.store;

import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Versioned keys with compare-and-commit and a watch that can be replayed.
 *
 * <p>All methods may be called from many threads at once; they block, so callers of a slow store
 * are virtual threads. A closed store refuses every call with {@link StoreException.Closed}; one
 * that has failed refuses to commit with {@link StoreException.Failed} and still answers reads, for
 * it never shows what is not committed.
 */
public interface Store extends AutoCloseable {

  /** The entry of that key as last committed, or empty if there is none. */
  Optional<Entry> get(String key);

  /**
   * Hands every entry whose key begins with the prefix to the reader, in the order of the keys, all
   * as of one revision, without holding them all in memory. The empty prefix means all keys. The
   * reader may read the store, but not close it.
   *
   * @return the revision that was read; a watch from the next one misses nothing
   */
  long scan(String prefix, Consumer<Entry> reader);

  /** As {@link #scan}, for ranges that fit in memory. */
  default Snapshot range(String prefix) {
    var entries = new ArrayList<Entry>();
    long revision = scan(prefix, entries::add);
    return new Snapshot(revision, entries);
  }

  /**
   * Applies the transaction whole if all that it requires is true now, else not at all. Returns
   * when that is durable. Interrupting the caller does not cut it short.
   */
  CommitResult commit(Transaction transaction);

  /**
   * Hands the transaction in and returns before it is durable. Transactions handed in one after the
   * other are decided in that order, and the later is never durable without the earlier.
   */
  default Submitted submit(Transaction transaction) {
    CommitResult result = commit(transaction);
    return () -> result;
  }

  /** A transaction that was handed in. */
  @FunctionalInterface
  interface Submitted {
    /** Blocks until it is decided and durable; any number of times. */
    CommitResult await();
  }

  /**
   * Follows the changes below the prefix: first replays those whose revision is at least {@code
   * fromRevision}, then waits for new ones. History is bounded: see {@link WatchEvent.Compacted}.
   *
   * @param fromRevision at least 1; may lie in the future
   */
  Watch watch(String prefix, long fromRevision);

  /**
   * Ends running watches, answers what was already handed in, and releases all resources. Closing
   * twice is no error.
   */
  @Override
  void close();
}
