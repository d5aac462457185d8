package dev.berth.store.memory;

import dev.berth.store.CommitResult;
import dev.berth.store.Entry;
import dev.berth.store.Keys;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import dev.berth.store.Transaction;
import dev.berth.store.Versions;
import dev.berth.store.Watch;
import dev.berth.store.WatchEvent;
import dev.berth.store.Write;
import dev.berth.store.history.History;
import dev.berth.store.history.HistoryWatch;
import dev.berth.store.history.Revisions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Entries and history in two sorted maps, behind one lock. */
public final class MemoryStore implements Store {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<String, Entry> entries = new TreeMap<>(Keys.ORDER);
  private final TreeMap<Long, List<Write>> history = new TreeMap<>();
  private final Revisions revisions = new Revisions(0);
  private final int historyRevisionCount;
  private boolean closed;

  public MemoryStore() {
    this(History.REVISION_COUNT_DEFAULT);
  }

  /** A store whose watches can replay that many last revisions. */
  public MemoryStore(int historyRevisionCount) {
    if (historyRevisionCount < 1) {
      throw new IllegalArgumentException("a history of " + historyRevisionCount + " revisions");
    }
    this.historyRevisionCount = historyRevisionCount;
  }

  @Override
  public Optional<Entry> get(String key) {
    Keys.valid(key);
    return whileOpen(() -> Optional.ofNullable(entries.get(key)));
  }

  @Override
  public long scan(String prefix, Consumer<Entry> reader) {
    Keys.validPrefix(prefix);
    record Seen(long revision, List<Entry> entries) {}
    var seen = whileOpen(() -> new Seen(revisions.newest(), below(prefix).toList()));
    seen.entries.forEach(reader);
    return seen.revision;
  }

  @Override
  public CommitResult commit(Transaction transaction) {
    return whileOpen(
        () -> {
          var conflicts = transaction.conflicts(versions);
          return conflicts.isEmpty()
              ? new CommitResult.Committed(apply(transaction.writes()))
              : new CommitResult.Conflict(conflicts);
        });
  }

  @Override
  public Watch watch(String prefix, long fromRevision) {
    return whileOpen(() -> new HistoryWatch(this::read, revisions, prefix, fromRevision));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    revisions.end();
  }

  private long apply(List<Write> writes) {
    var changes =
        writes.stream()
            .filter(write -> write instanceof Write.Put || entries.containsKey(write.key()))
            .toList();
    if (changes.isEmpty()) {
      return revisions.newest();
    }
    long revision = revisions.newest() + 1;
    for (var change : changes) {
      switch (change) {
        case Write.Put(var key, var value) -> entries.put(key, new Entry(key, value, revision));
        case Write.Delete(var key) -> entries.remove(key);
      }
    }
    history.put(revision, changes);
    history.headMap(revision - historyRevisionCount, true).clear();
    revisions.publish(revision);
    return revision;
  }

  private History.Page read(String prefix, long fromRevision) {
    return whileOpen(
        () -> {
          if (history.firstKey() > fromRevision) {
            return History.Page.compacted(history.firstKey());
          }
          var events = new ArrayList<WatchEvent>();
          // A page's bytes need no bound here: they are the history's own.
          long end =
              Math.min(fromRevision + History.PAGE_REVISION_COUNT_MAX, history.lastKey() + 1);
          history
              .subMap(fromRevision, end)
              .forEach(
                  (revision, writes) -> {
                    var below =
                        writes.stream().filter(write -> write.key().startsWith(prefix)).toList();
                    if (!below.isEmpty()) {
                      events.add(new WatchEvent.Changed(revision, below));
                    }
                  });
          return new History.Page(events, end);
        });
  }

  private Stream<Entry> below(String prefix) {
    return entries.tailMap(prefix, true).values().stream()
        .takeWhile(entry -> entry.key().startsWith(prefix));
  }

  private final Versions versions =
      new Versions() {
        @Override
        public long versionOf(String key) {
          var entry = entries.get(key);
          return entry == null ? 0 : entry.version();
        }

        @Override
        public Optional<String> firstKey(String prefix) {
          return below(prefix).map(Entry::key).findFirst();
        }
      };

  private <T> T whileOpen(Supplier<T> action) {
    lock.lock();
    try {
      if (closed) {
        throw new StoreException.Closed();
      }
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
