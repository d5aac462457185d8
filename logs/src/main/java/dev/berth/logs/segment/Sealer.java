package dev.berth.logs.segment;

import dev.berth.logs.LogStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns full journals into segments, on a thread of its own. */
final class Sealer implements AutoCloseable {
  /** Who fills journals faster than they are sealed waits. */
  private static final int WAITING_COUNT_MAX = 2;

  private static final long TURN_MILLIS = 100;
  private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);

  private final Layout layout;
  private final Contents contents;
  private final PendingQueue done;
  private final ArrayBlockingQueue<Journal> waiting = new ArrayBlockingQueue<>(WAITING_COUNT_MAX);
  private final Thread thread;
  private volatile boolean closed;

  Sealer(Layout layout, Contents contents, PendingQueue done) {
    this.layout = layout;
    this.contents = contents;
    this.done = done;
    this.thread = Thread.ofPlatform().name("log-sealer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Waits for its turn. When the store closes meanwhile, the journal is sealed by the next life.
   */
  void seal(Journal journal) {
    try {
      while (!closed && !waiting.offer(journal, TURN_MILLIS, TimeUnit.MILLISECONDS)) {
        // Asked again, for it may have been closed.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        var journal = waiting.take();
        done.putOwn(new Pending.Sealed(journal, segments(journal)));
      } catch (InterruptedException _) {
        return;
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.atError().setCause(e).log("a journal was not sealed; the next start tries again");
        }
      }
    }
  }

  private Map<Long, SealedSegment> segments(Journal journal) throws IOException {
    var segments = new HashMap<Long, SealedSegment>();
    for (var group : contents.byGroup(journal).entrySet()) {
      if (closed) {
        throw new LogStoreException("closed");
      }
      if (hasEvents(group.getValue())) {
        segments.put(group.getKey(), segment(journal, group.getKey(), group.getValue()));
      }
    }
    return segments;
  }

  private static boolean hasEvents(List<List<BlockPlace>> streams) {
    return streams.stream().flatMap(List::stream).anyMatch(place -> place.eventCount() > 0);
  }

  private SealedSegment segment(Journal journal, long group, List<List<BlockPlace>> streams)
      throws IOException {
    Files.createDirectories(layout.group(group));
    Layout.sync(layout.directory());
    try (var target = new SegmentWriter(layout.segment(group, journal.number), journal.number);
        var sealing = new Sealing(journal, target)) {
      for (var places : streams) {
        sealing.add(places);
      }
      return target.finish();
    }
  }

  /** What is being sealed is given up: the next start seals it. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
