package dev.berth.logs.segment;

import dev.berth.logs.Appended;
import dev.berth.logs.Blocks;
import dev.berth.logs.Changed;
import dev.berth.logs.LogStore;
import dev.berth.logs.LogStoreException;
import dev.berth.logs.LogStream.SourceProgress;
import dev.berth.logs.tail.Tails;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer, on a platform thread of its own. While one batch is being synced the next one
 * gathers, so the cost of a sync is shared.
 */
final class Committer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  private final PendingQueue queue = new PendingQueue();
  private final Layout layout;
  private final Catalog catalog;
  private final Contents contents;
  private final Tails tails;
  private final Sealer sealer;
  private final CatalogChanges changes;
  private final Thread thread;
  private Journal journal;

  Committer(Layout layout, Catalog catalog, Contents contents, Tails tails, Journal journal) {
    this.layout = layout;
    this.catalog = catalog;
    this.contents = contents;
    this.tails = tails;
    this.journal = journal;
    this.changes = new CatalogChanges(layout, catalog, contents);
    this.sealer = new Sealer(layout, contents, queue);
    this.thread = Thread.ofPlatform().name("log-committer").daemon().unstarted(this::run);
  }

  void start(List<Journal> full) {
    sealer.start();
    thread.start();
    full.forEach(sealer::seal);
  }

  void submit(Pending pending) {
    queue.put(pending);
  }

  /** Blocks of one batch that are not written yet. */
  private static final class Staged {
    final List<BlockRecord> records = new ArrayList<>();
    final List<Pending.Append> appends = new ArrayList<>();

    /** Answers that tell of blocks of this batch. */
    final List<Runnable> answers = new ArrayList<>();

    final Map<Long, Tip> tips = new HashMap<>();
  }

  /** Where a stream will stand. */
  private record Tip(long nextSequence, Optional<SourceProgress> source) {}

  private void run() {
    for (var batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
      try {
        commit(batch);
      } catch (Throwable e) { // Whoever waits must be answered, and nothing be written after it.
        failStop(batch, e);
        return;
      }
    }
  }

  private void commit(List<Pending> batch) throws IOException {
    var staged = new Staged();
    for (var pending : batch) {
      switch (pending) {
        case Pending.Append append -> stage(append, staged);
        case Pending.Change change -> {
          flush(staged);
          change.answer().complete(changes.apply(change.wish()));
        }
        case Pending.Sealed sealed -> {
          flush(staged);
          sealed(sealed);
        }
        case Pending.Expire(var nowMillis, var answer) -> {
          flush(staged);
          changes.expire(nowMillis);
          answer.complete(Changed.DONE);
        }
      }
    }
    flush(staged);
    if (journal.isFull()) {
      roll();
    }
  }

  private void stage(Pending.Append append, Staged staged) {
    var found = contents.stream(append.stream());
    if (found.isEmpty()) {
      append.answer().complete(new Appended.NoStream());
      return;
    }
    var stream = found.get();
    var tip =
        staged.tips.computeIfAbsent(
            stream.ordinal, _ -> new Tip(stream.nextSequence, stream.source));
    if (append.source().isPresent()
        && tip.source().isPresent()
        && tip.source().get().offset() != append.source().get().after()) {
      var standing = new Appended.StandsAt(tip.source().get());
      staged.answers.add(() -> append.answer().complete(standing));
      return;
    }
    var source = append.source().map(span -> new SourceProgress(span.end(), span.complete()));
    var block = append.block();
    long overhead = (long) block.eventCount() * LogStore.EVENT_OVERHEAD_BYTE_COUNT;
    staged.records.add(
        new BlockRecord(
            stream.ordinal,
            tip.nextSequence(),
            List.of(new BlockRecord.Arrival(block.eventCount(), append.ingestedMillis())),
            source,
            append.messageByteCount() + overhead,
            block));
    staged.appends.add(append);
    staged.tips.put(
        stream.ordinal, new Tip(tip.nextSequence() + block.eventCount(), source.or(tip::source)));
  }

  private void flush(Staged staged) throws IOException {
    if (!staged.records.isEmpty()) {
      var places = journal.append(staged.records);
      contents.publish(journal, staged.records, places);
      for (int i = 0; i < staged.records.size(); i++) {
        // First, so that whoever looks on from the answer on does not see what came before it.
        publish(staged.records.get(i), staged.appends.get(i));
        staged.appends.get(i).answer().complete(new Appended.Stored());
      }
    }
    staged.answers.forEach(Runnable::run);
    staged.records.clear();
    staged.appends.clear();
    staged.answers.clear();
    staged.tips.clear();
  }

  private void publish(BlockRecord record, Pending.Append append) {
    if (!record.block().isEmpty()) {
      tails.publish(
          append.stream(),
          () ->
              Blocks.stored(
                  record.block(),
                  append.stream(),
                  record.stream(),
                  record.firstSequence(),
                  append.ingestedMillis()));
    }
  }

  private void roll() throws IOException {
    var full = journal;
    long number = full.number + 1;
    journal = Journal.open(layout.journal(number), number, _ -> {});
    Layout.sync(layout.directory());
    contents.add(journal);
    full.close();
    sealer.seal(full);
  }

  /** What the catalog knows of a journal must be durable before the journal goes. */
  private void sealed(Pending.Sealed sealed) throws IOException {
    catalog.putStreams(contents.checkpoint(sealed.journal()));
    for (var orphan : contents.replace(sealed.journal(), sealed.segments())) {
      Files.deleteIfExists(orphan.path());
    }
    Files.delete(sealed.journal().path());
    LOG.atInfo()
        .addKeyValue("journal", sealed.journal().number)
        .addKeyValue("groups", sealed.segments().size())
        .log("journal sealed");
  }

  /** A failed sync may have written anything or nothing: nothing is tried again. */
  private void failStop(List<Pending> attempted, Throwable cause) {
    LOG.atError().setCause(cause).log("the log store failed, it stores nothing more");
    var refusal = "the log store has failed and stores nothing until reopened: " + cause;
    queue.refuse(refusal);
    attempted.forEach(each -> each.fail(new LogStoreException(refusal, cause)));
    for (var batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
      batch.forEach(each -> each.fail(new LogStoreException(refusal, cause)));
    }
  }

  /** Answers what was handed in, then ends. */
  @Override
  public void close() {
    sealer.close();
    queue.refuse("the log store is closed");
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true; // The files must not be closed under the committer.
      }
    }
    try {
      journal.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the journal did not close");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
