package dev.berth.store.embedded;

import dev.berth.store.CommitResult;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import dev.berth.store.Transaction;
import dev.berth.store.history.Revisions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: while one batch is being synced the next one gathers, so the cost of an fsync is
 * shared by all who wait.
 *
 * <p>It is the only writer, on a platform thread of its own, because an fsync holds its thread.
 */
final class Committer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  private final CommitQueue queue = new CommitQueue();
  private final Database database;
  private final Revisions revisions;
  private final int historyRevisionCount;
  private final Thread thread;

  Committer(Database database, Revisions revisions, int historyRevisionCount) {
    this.database = database;
    this.revisions = revisions;
    this.historyRevisionCount = historyRevisionCount;
    this.thread = Thread.ofPlatform().name("store-committer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** See {@link Store#submit}. */
  Store.Submitted submit(Transaction transaction) {
    var pending = new Pending(transaction);
    queue.put(pending);
    return () -> answer(pending);
  }

  private static CommitResult answer(Pending pending) {
    try {
      return pending.answer().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException refusal ? refusal : e;
    }
  }

  private void run() {
    for (var batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
      try {
        commit(batch);
      } catch (
          Throwable
              e) { // Whatever it is: those who wait must be answered, and nothing may be written
        // after it.
        failStop(batch, e);
        return;
      }
    }
  }

  private void commit(List<Pending> pending) throws RocksDBException {
    var results = new ArrayList<CommitResult>(pending.size());
    try (var batch = new Batch(database, revisions.newest(), historyRevisionCount)) {
      for (var one : pending) {
        results.add(batch.add(one.transaction()));
      }
      long newest = batch.write();
      if (newest > revisions.newest()) {
        revisions.publish(newest);
      }
    }
    for (int i = 0; i < results.size(); i++) {
      pending.get(i).answer().complete(results.get(i));
    }
  }

  /**
   * A failed sync may have written anything or nothing, and trying it again may lie about that. So
   * nothing is tried again.
   */
  private void failStop(List<Pending> attempted, Throwable cause) {
    LOG.atError()
        .setCause(cause)
        .addKeyValue("revision", revisions.newest())
        .log("store failed, it commits nothing more");
    Supplier<StoreException> refusal =
        () ->
            new StoreException.Failed(
                "the store has failed and commits nothing until reopened: " + cause, cause);
    queue.refuse(refusal);
    attempted.forEach(one -> one.answer().complete(new CommitResult.Unknown(cause.toString())));
    for (var batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
      batch.forEach(one -> one.answer().completeExceptionally(refusal.get()));
    }
    revisions.end();
  }

  /** Answers what has been handed in, then ends. */
  @Override
  public void close() {
    queue.refuse(StoreException.Closed::new);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true; // The database must not be closed under the committer.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
