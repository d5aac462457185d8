package dev.berth.store;

import java.util.Optional;

/**
 * The changes below a prefix, from some revision on, read at the reader's own pace.
 *
 * <p>A watch holds a bounded number of events and never makes a writer wait: a reader too slow for
 * the store's history is told {@link WatchEvent.Compacted}. One thread reads a watch; any may close
 * it.
 */
public interface Watch extends AutoCloseable {

  /** The next event, waiting for it. */
  WatchEvent next() throws InterruptedException;

  /** The next event if there is one now. */
  Optional<WatchEvent> poll();

  /** Ends the watch; a waiting reader gets {@link WatchEvent.Closed}. */
  @Override
  void close();
}
