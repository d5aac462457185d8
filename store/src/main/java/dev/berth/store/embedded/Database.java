package dev.berth.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.store.Entry;
import dev.berth.store.StoreException;
import dev.berth.store.WatchEvent;
import dev.berth.store.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/**
 * RocksDB with our two column families.
 *
 * <p>Touching a closed RocksDB ends the process. So every use holds {@link #open} for reading, and
 * closing holds it for writing.
 */
final class Database implements AutoCloseable, History {
  private static final String HISTORY = "history";

  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private final Settings settings;
  private final RocksDB rocks;
  private final ColumnFamilyHandle entries;
  private final ColumnFamilyHandle history;
  private boolean closed;

  private Database(Settings settings, RocksDB rocks, List<ColumnFamilyHandle> families) {
    this.settings = settings;
    this.rocks = rocks;
    this.entries = families.get(0);
    this.history = families.get(1);
  }

  static Database open(Layout layout) throws IOException {
    loadLibrary(layout);
    Files.createDirectories(layout.database());
    var settings = new Settings();
    var descriptors =
        List.of(
            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, settings.columnFamily),
            new ColumnFamilyDescriptor(HISTORY.getBytes(UTF_8), settings.columnFamily));
    var families = new ArrayList<ColumnFamilyHandle>();
    try {
      var rocks =
          RocksDB.open(settings.database, layout.database().toString(), descriptors, families);
      return new Database(settings, rocks, families);
    } catch (RocksDBException e) {
      settings.close();
      throw failure("opening " + layout.database(), e);
    }
  }

  /**
   * Loads the native library from the store's directory. Left alone, RocksDB unpacks it under a new
   * name in the folder for temporary files each time, and a killed process leaves it there.
   */
  private static void loadLibrary(Layout layout) throws IOException {
    Files.createDirectories(layout.nativeLibrary());
    NativeLibraryLoader.getInstance().loadLibrary(layout.nativeLibrary().toString());
    try (var files = Files.newDirectoryStream(layout.nativeLibrary())) {
      for (var file : files) {
        Files.delete(file); // Once loaded it needs no name.
      }
    }
    Files.delete(layout.nativeLibrary());
  }

  Optional<Entry> get(String key) {
    return reading(
        "getting " + key,
        () ->
            Optional.ofNullable(rocks.get(entries, Records.key(key)))
                .map(stored -> Records.entry(key, stored)));
  }

  /** The version of a key, without its value; 0 if absent. */
  long versionOf(String key) {
    return reading(
        "getting the version of " + key,
        () -> {
          var version = new byte[Long.BYTES];
          return rocks.get(entries, Records.key(key), version) == RocksDB.NOT_FOUND
              ? 0
              : Records.revision(version);
        });
  }

  /** The first key below the prefix that is wanted. */
  Optional<String> firstKey(String prefix, Predicate<String> wanted) {
    return reading(
        "searching " + prefix,
        () -> {
          try (var range = new Range(prefix);
              var iterator = rocks.newIterator(entries, range.options)) {
            for (iterator.seek(range.start); iterator.isValid(); iterator.next()) {
              var key = Records.key(iterator.key());
              if (wanted.test(key)) {
                return Optional.of(key);
              }
            }
            iterator.status();
            return Optional.empty();
          }
        });
  }

  /** See {@link dev.berth.store.Store#scan}. */
  long scan(String prefix, Consumer<Entry> reader) {
    return reading("scanning " + prefix, () -> scanAtSnapshot(prefix, reader));
  }

  private long scanAtSnapshot(String prefix, Consumer<Entry> reader) throws RocksDBException {
    var snapshot = rocks.getSnapshot();
    try (var range = new Range(prefix);
        var options = new ReadOptions().setSnapshot(snapshot);
        var iterator = rocks.newIterator(entries, range.options.setSnapshot(snapshot))) {
      for (iterator.seek(range.start); iterator.isValid(); iterator.next()) {
        reader.accept(Records.entry(Records.key(iterator.key()), iterator.value()));
      }
      iterator.status();
      return newestRevision(options);
    } finally {
      rocks.releaseSnapshot(snapshot);
    }
  }

  long newestRevision() {
    return reading(
        "finding the newest revision",
        () -> {
          try (var options = new ReadOptions()) {
            return newestRevision(options);
          }
        });
  }

  private long newestRevision(ReadOptions options) throws RocksDBException {
    try (var iterator = rocks.newIterator(history, options)) {
      iterator.seekToLast();
      long newest = iterator.isValid() ? Records.revision(iterator.key()) : 0;
      iterator.status();
      return newest;
    }
  }

  @Override
  public Page read(String prefix, long fromRevision) {
    return reading("reading history from " + fromRevision, () -> page(prefix, fromRevision));
  }

  private Page page(String prefix, long fromRevision) throws RocksDBException {
    try (var iterator = rocks.newIterator(history)) {
      iterator.seek(Records.revision(fromRevision));
      if (!iterator.isValid()) {
        iterator.status();
        throw new StoreException.Damaged("the history ends before revision " + fromRevision);
      }
      long oldest = Records.revision(iterator.key());
      return oldest == fromRevision ? page(prefix, fromRevision, iterator) : Page.compacted(oldest);
    }
  }

  private static Page page(String prefix, long fromRevision, RocksIterator iterator)
      throws RocksDBException {
    var events = new ArrayList<WatchEvent>();
    long revision = fromRevision;
    long sizeBytes = 0;
    while (iterator.isValid()
        && revision - fromRevision < PAGE_REVISION_COUNT_MAX
        && sizeBytes < PAGE_BYTES_MAX) {
      if (Records.revision(iterator.key()) != revision) {
        throw new StoreException.Damaged("the history lacks revision " + revision);
      }
      var stored = iterator.value();
      var writes = Records.changes(revision, stored, prefix);
      if (!writes.isEmpty()) {
        events.add(new WatchEvent.Changed(revision, writes));
      }
      sizeBytes += stored.length;
      revision++;
      iterator.next();
    }
    iterator.status();
    return new Page(events, revision);
  }

  void requireOpen() {
    reading("opening a watch", () -> closed);
  }

  /** A batch to be filled and then written; the caller closes it. */
  WriteBatch newBatch() {
    return new WriteBatch();
  }

  ColumnFamilyHandle entries() {
    return entries;
  }

  ColumnFamilyHandle history() {
    return history;
  }

  /**
   * Writes the batch whole and syncs it. If this throws, the batch may or may not be there after
   * the next open.
   */
  void write(WriteBatch batch) {
    reading(
        "writing",
        () -> {
          rocks.write(settings.durable, batch);
          return batch;
        });
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      entries.close();
      history.close();
      rocks.close();
      settings.close();
    } finally {
      open.writeLock().unlock();
    }
  }

  private <T> T reading(String operation, Action<T> action) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new StoreException.Closed();
      }
      return action.run();
    } catch (RocksDBException e) {
      throw failure(operation, e);
    } finally {
      open.readLock().unlock();
    }
  }

  private static StoreException failure(String operation, RocksDBException e) {
    var status = e.getStatus();
    return status != null && status.getCode() == Status.Code.Corruption
        ? new StoreException.Damaged("the store is damaged: " + operation, e)
        : new StoreException.Failed(operation + " failed: " + e.getMessage(), e);
  }

  private interface Action<T> {
    T run() throws RocksDBException;
  }

  /** The bounds of the keys below a prefix, as native objects that must outlive the iterator. */
  private static final class Range implements AutoCloseable {
    private final byte[] start;
    private final Optional<Slice> end;
    private final ReadOptions options = new ReadOptions();

    private Range(String prefix) {
      start = Records.key(prefix);
      end = prefix.isEmpty() ? Optional.empty() : Optional.of(new Slice(Records.endOf(start)));
      end.ifPresent(options::setIterateUpperBound);
    }

    @Override
    public void close() {
      options.close();
      end.ifPresent(Slice::close);
    }
  }
}
