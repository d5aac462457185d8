package dev.berth.store.embedded;

import dev.berth.store.CommitResult;
import dev.berth.store.Keys;
import dev.berth.store.Transaction;
import dev.berth.store.Versions;
import dev.berth.store.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Transactions decided one after the other, each against what those before it leave, and written as
 * one.
 *
 * <p>No answer may be given before {@link #write}: even a conflict may be with a write of the same
 * batch.
 */
final class Batch implements Versions, AutoCloseable {
  private final Database database;
  private final WriteBatch writes;
  private final int historyRevisionCount;

  /** The versions that this batch has made so far; 0 if it has deleted the key. */
  private final TreeMap<String, Long> changed = new TreeMap<>(Keys.ORDER);

  private long revision;

  Batch(Database database, long newestRevision, int historyRevisionCount) {
    this.database = database;
    this.writes = database.newBatch();
    this.revision = newestRevision;
    this.historyRevisionCount = historyRevisionCount;
  }

  CommitResult add(Transaction transaction) throws RocksDBException {
    var conflicts = transaction.conflicts(this);
    if (!conflicts.isEmpty()) {
      return new CommitResult.Conflict(conflicts);
    }
    var changes =
        transaction.writes().stream()
            .filter(write -> write instanceof Write.Put || versionOf(write.key()) > 0)
            .toList();
    if (!changes.isEmpty()) {
      revision++;
      apply(changes);
    }
    return new CommitResult.Committed(revision);
  }

  private void apply(List<Write> changes) throws RocksDBException {
    for (var change : changes) {
      var key = Records.key(change.key());
      switch (change) {
        case Write.Put(_, var value) -> {
          writes.put(database.entries(), key, Records.entry(value, revision));
          changed.put(change.key(), revision);
        }
        case Write.Delete _ -> {
          writes.delete(database.entries(), key);
          changed.put(change.key(), 0L);
        }
      }
    }
    writes.put(database.history(), Records.revision(revision), Records.changes(changes));
    forget();
  }

  /**
   * Forgets old history now and then, for each deleted range slows reading a little until it is
   * compacted.
   */
  private void forget() throws RocksDBException {
    long oldestKept = revision - historyRevisionCount + 1;
    int stride = Math.max(1, historyRevisionCount / 8);
    if (oldestKept > 1 && revision % stride == 0) {
      writes.deleteRange(database.history(), Records.revision(0), Records.revision(oldestKept));
    }
  }

  /** Makes all changes durable, if there are any, and returns the newest revision. */
  long write() {
    if (!changed.isEmpty()) {
      database.write(writes);
    }
    return revision;
  }

  @Override
  public long versionOf(String key) {
    var version = changed.get(key);
    return version == null ? database.versionOf(key) : version;
  }

  @Override
  public Optional<String> firstKey(String prefix) {
    var written =
        changed.tailMap(prefix, true).entrySet().stream()
            .takeWhile(entry -> entry.getKey().startsWith(prefix))
            .filter(entry -> entry.getValue() > 0)
            .map(Map.Entry::getKey)
            .findFirst();
    var stored = database.firstKey(prefix, key -> !changed.containsKey(key));
    return written.isPresent() && stored.isPresent()
        ? Optional.of(
            Keys.ORDER.compare(written.get(), stored.get()) < 0 ? written.get() : stored.get())
        : written.or(() -> stored);
  }

  @Override
  public void close() {
    writes.close();
  }
}
