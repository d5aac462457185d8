package dev.berth.store.history;

import dev.berth.store.Keys;
import dev.berth.store.StoreException;
import dev.berth.store.Watch;
import dev.berth.store.WatchEvent;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Reads a history page by page, and waits where it ends. */
public final class HistoryWatch implements Watch {
  private final History history;
  private final Revisions revisions;
  private final String prefix;
  private final Queue<WatchEvent> page = new ArrayDeque<>();
  private long nextRevision;
  private volatile boolean closed;

  public HistoryWatch(History history, Revisions revisions, String prefix, long fromRevision) {
    if (fromRevision < 1) {
      throw new IllegalArgumentException(
          "a watch of '%s' starts at %d, before the first revision"
              .formatted(prefix, fromRevision));
    }
    this.history = history;
    this.revisions = revisions;
    this.prefix = Keys.validPrefix(prefix);
    this.nextRevision = fromRevision;
  }

  @Override
  public WatchEvent next() throws InterruptedException {
    while (true) {
      var event = poll();
      if (event.isPresent()) {
        return event.get();
      }
      revisions.await(nextRevision, () -> closed);
    }
  }

  @Override
  public Optional<WatchEvent> poll() {
    // Bounded: each page brings the watch nearer to a revision that was newest before the first was
    // read.
    long newest = revisions.newest();
    while (!closed && page.isEmpty() && nextRevision <= newest) {
      read();
    }
    if (closed || (page.isEmpty() && revisions.hasEnded() && nextRevision > revisions.newest())) {
      return Optional.of(new WatchEvent.Closed());
    }
    // The watch stays at its end.
    return Optional.ofNullable(page.peek() instanceof WatchEvent.Compacted end ? end : page.poll());
  }

  private void read() {
    try {
      var read = history.read(prefix, nextRevision);
      page.addAll(read.events());
      nextRevision = read.nextRevision();
    } catch (StoreException.Closed _) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    revisions.wakeAll();
  }
}
