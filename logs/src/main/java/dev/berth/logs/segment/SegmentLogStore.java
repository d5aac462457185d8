package dev.berth.logs.segment;

import dev.berth.logs.Appended;
import dev.berth.logs.Blocks;
import dev.berth.logs.Changed;
import dev.berth.logs.EventPage;
import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogGroup;
import dev.berth.logs.LogStore;
import dev.berth.logs.LogStoreException;
import dev.berth.logs.LogStream;
import dev.berth.logs.ReadQuery;
import dev.berth.logs.SourceSpan;
import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import dev.berth.logs.tail.LogTail;
import dev.berth.logs.tail.Tails;
import dev.berth.model.identity.Realm;
import dev.berth.model.log.EventBlock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A durable store in a directory of this machine, for one process at a time. */
public final class SegmentLogStore implements LogStore {
  /** A file may go while it is read: then the reading begins anew. */
  private static final int ATTEMPT_COUNT_MAX = 10;

  private static final Logger LOG = LoggerFactory.getLogger(SegmentLogStore.class);

  private final FileChannel lock;
  private final Catalog catalog;
  private final Contents contents;
  private final Tails tails = new Tails();
  private final Committer committer;
  private final InstantSource clock;

  /**
   * Over what an {@link Opening} found.
   *
   * @param lock open as long as the store is
   * @param full journals that are to be sealed
   */
  SegmentLogStore(
      FileChannel lock,
      Layout layout,
      Catalog catalog,
      Contents contents,
      List<Journal> full,
      Journal active,
      InstantSource clock) {
    this.lock = lock;
    this.catalog = catalog;
    this.contents = contents;
    this.clock = clock;
    this.committer = new Committer(layout, catalog, contents, tails, active);
    committer.start(full);
  }

  /**
   * Opens the store in that directory, which is made if it does not exist.
   *
   * @throws LogStoreException if it is in use, or cannot be read or written
   */
  public static SegmentLogStore open(Path directory, InstantSource clock) {
    try {
      return new Opening(new Layout(directory.toAbsolutePath()), clock).open();
    } catch (IOException e) {
      throw new LogStoreException("opening the log store in " + directory + " failed: " + e, e);
    }
  }

  private Changed change(Pending.Wish wish) {
    var answer = new CompletableFuture<Changed>();
    committer.submit(new Pending.Change(wish, answer));
    return joined(answer);
  }

  private static <T> T joined(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LogStoreException failure ? failure : e;
    }
  }

  @Override
  public Changed createGroup(GroupId id, long createdMillis, GroupSettings settings) {
    return change(new Pending.Wish.CreateGroup(id, createdMillis, settings));
  }

  @Override
  public Changed changeGroup(GroupId id, UnaryOperator<GroupSettings> change) {
    return change(new Pending.Wish.ChangeGroup(id, change));
  }

  @Override
  public Changed deleteGroup(GroupId id) {
    return change(new Pending.Wish.DeleteGroup(id));
  }

  @Override
  public Optional<LogGroup> group(GroupId id) {
    return contents.shownGroup(id);
  }

  @Override
  public List<LogGroup> groups(Realm realm) {
    return contents.shownGroups(realm);
  }

  @Override
  public Changed createStream(StreamId id, long createdMillis) {
    return change(new Pending.Wish.CreateStream(id, createdMillis));
  }

  @Override
  public Changed deleteStream(StreamId id) {
    return change(new Pending.Wish.DeleteStream(id));
  }

  @Override
  public Optional<LogStream> stream(StreamId id) {
    return contents.shownStream(id);
  }

  @Override
  public List<LogStream> streams(GroupId group) {
    return contents.shownStreams(group);
  }

  @Override
  public CompletableFuture<Appended> append(
      StreamId stream, EventBlock block, Optional<SourceSpan> source, long ingestedMillis) {
    var content = Blocks.content(block);
    if (content.flaw().isPresent()) {
      return CompletableFuture.completedFuture(new Appended.Malformed(content.flaw().get()));
    }
    var answer = new CompletableFuture<Appended>();
    committer.submit(
        new Pending.Append(
            stream, block, content.messageByteCount(), source, ingestedMillis, answer));
    return answer;
  }

  private interface Attempt<T> {
    T run() throws IOException;
  }

  private static <T> T patiently(String what, Attempt<T> attempt) {
    for (int count = 1; ; count++) {
      try {
        return attempt.run();
      } catch (NoSuchFileException e) {
        if (count == ATTEMPT_COUNT_MAX) {
          throw new LogStoreException("reading " + what + " failed", e);
        }
      } catch (IOException e) {
        throw new LogStoreException("reading " + what + " failed: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public EventPage read(ReadQuery query) {
    return patiently(query.group().name(), () -> page(query));
  }

  private EventPage page(ReadQuery query) throws IOException {
    var view =
        contents.view(query.group(), query.streams(), query.fromMillis(), query.untilMillis());
    long from = query.fromMillis();
    if (view.retentionDays().isPresent()) {
      var kept = Duration.ofDays(view.retentionDays().getAsInt());
      from = Math.max(from, clock.millis() - kept.toMillis());
    }
    if (from >= query.untilMillis()) {
      return new EventPage(List.of(), Optional.empty());
    }
    try (var reading = new Reading(query.between(from, query.untilMillis()), view)) {
      return reading.page();
    }
  }

  @Override
  public List<StoredEvent> readArrivals(StreamId id, long sequenceMin, int eventCountMax) {
    return patiently(
        id.name(),
        () -> {
          var found = contents.arrivals(id, sequenceMin);
          return found.isEmpty()
              ? List.of()
              : new ArrivalReading(id, sequenceMin, eventCountMax).of(found.get());
        });
  }

  @Override
  public LogTail tail(Predicate<StreamId> wanted) {
    return tails.open(wanted);
  }

  @Override
  public void expire() {
    var answer = new CompletableFuture<Changed>();
    committer.submit(new Pending.Expire(clock.millis(), answer));
    joined(answer);
  }

  @Override
  public void close() {
    committer.close();
    try {
      catalog.close();
      lock.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the log store did not close");
    }
  }
}
