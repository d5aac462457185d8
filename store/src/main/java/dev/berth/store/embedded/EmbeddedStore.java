package dev.berth.store.embedded;

import dev.berth.store.CommitResult;
import dev.berth.store.Entry;
import dev.berth.store.Keys;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import dev.berth.store.Transaction;
import dev.berth.store.Watch;
import dev.berth.store.history.History;
import dev.berth.store.history.HistoryWatch;
import dev.berth.store.history.Revisions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A durable store in a directory of this machine, for one process at a time. */
public final class EmbeddedStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

  private final DirectoryLock lock;
  private final Database database;
  private final Revisions revisions;
  private final Committer committer;

  private EmbeddedStore(DirectoryLock lock, Database database, int historyRevisionCount) {
    this.lock = lock;
    this.database = database;
    this.revisions = new Revisions(database.newestRevision());
    this.committer = new Committer(database, revisions, historyRevisionCount);
  }

  /** Opens the store in that directory, which is made if it does not exist. */
  public static EmbeddedStore open(Path directory) {
    return open(directory, History.REVISION_COUNT_DEFAULT);
  }

  /**
   * Opens a store whose watches can replay at least that many last revisions, and an eighth more at
   * most.
   *
   * @throws StoreException.InUse if it is open already, here or in another process
   * @throws StoreException.UnknownFormat if a newer Berth wrote it
   * @throws StoreException.Damaged if it contradicts itself
   * @throws StoreException.Failed if the directory cannot be read or written
   */
  public static EmbeddedStore open(Path directory, int historyRevisionCount) {
    if (historyRevisionCount < 1) {
      throw new IllegalArgumentException("a history of " + historyRevisionCount + " revisions");
    }
    var layout = new Layout(directory.toAbsolutePath());
    try {
      Files.createDirectories(layout.directory());
      var lock = DirectoryLock.acquire(layout);
      try {
        Format.claim(layout);
        var store = open(lock, Database.open(layout), historyRevisionCount);
        store.committer.start();
        LOG.atInfo()
            .addKeyValue("directory", directory)
            .addKeyValue("revision", store.revisions.newest())
            .log("store opened");
        return store;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreException.Failed("opening the store in " + directory + " failed: " + e, e);
    }
  }

  private static EmbeddedStore open(
      DirectoryLock lock, Database database, int historyRevisionCount) {
    try {
      return new EmbeddedStore(lock, database, historyRevisionCount);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public Optional<Entry> get(String key) {
    return database.get(Keys.valid(key));
  }

  @Override
  public long scan(String prefix, Consumer<Entry> reader) {
    return database.scan(Keys.validPrefix(prefix), reader);
  }

  @Override
  public CommitResult commit(Transaction transaction) {
    return submit(transaction).await();
  }

  @Override
  public Submitted submit(Transaction transaction) {
    return committer.submit(transaction);
  }

  @Override
  public Watch watch(String prefix, long fromRevision) {
    database.requireOpen();
    return new HistoryWatch(database, revisions, prefix, fromRevision);
  }

  @Override
  public void close() {
    committer.close();
    revisions.end();
    database.close();
    try {
      lock.close();
    } catch (IOException e) {
      throw new StoreException.Failed("unlocking the store failed", e);
    }
  }
}
