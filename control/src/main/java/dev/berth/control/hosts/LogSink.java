package dev.berth.control.hosts;

import dev.berth.link.message.ToControl;
import dev.berth.model.identity.Realm;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where what containers write is stored. Its answers come after what they say is durable. */
public interface LogSink {
  /** A stream, and whether its group may be made for it. */
  record Target(Realm realm, String group, String stream, boolean createGroup) {}

  /**
   * Where a stream stands.
   *
   * @param offset up to there its source is stored, or given up
   * @param failure why there is no stream
   */
  record Standing(long offset, Optional<String> failure) {}

  /** A sink for a control plane without a log store: it has no groups. */
  LogSink NONE =
      new LogSink() {
        @Override
        public CompletableFuture<Standing> open(Target target) {
          return CompletableFuture.completedFuture(
              new Standing(0, Optional.of("this control plane keeps no logs")));
        }

        @Override
        public CompletableFuture<Standing> append(Target target, ToControl.LogBatch batch) {
          return CompletableFuture.completedFuture(new Standing(batch.end(), Optional.empty()));
        }
      };

  /** Makes the stream if it is not there. */
  CompletableFuture<Standing> open(Target target);

  /** Stores a batch if the stream stands where the batch begins. */
  CompletableFuture<Standing> append(Target target, ToControl.LogBatch batch);
}
