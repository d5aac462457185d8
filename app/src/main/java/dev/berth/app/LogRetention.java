package dev.berth.app;

import dev.berth.logs.LogStore;
import dev.berth.logs.LogStoreException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the log store give back the room of what is too old, again and again. */
final class LogRetention {
  private static final long INTERVAL_MINUTES = 10;
  private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);

  private LogRetention() {}

  static void start(LogStore store) {
    var _ =
        Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("log-retention").factory())
            .scheduleWithFixedDelay(() -> expire(store), 0, INTERVAL_MINUTES, TimeUnit.MINUTES);
  }

  private static void expire(LogStore store) {
    try {
      store.expire();
    } catch (LogStoreException e) {
      LOG.atError().setCause(e).log("retention not enforced; the next round tries again");
    }
  }
}
