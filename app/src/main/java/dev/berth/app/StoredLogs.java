package dev.berth.app;

import dev.berth.control.hosts.LogSink;
import dev.berth.link.message.ToControl;
import dev.berth.logs.Appended;
import dev.berth.logs.Changed;
import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogStore;
import dev.berth.logs.LogStream;
import dev.berth.logs.SourceSpan;
import dev.berth.logs.StreamId;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores what containers write in the log store. */
final class StoredLogs implements LogSink {
  private static final Logger LOG = LoggerFactory.getLogger(StoredLogs.class);

  private final LogStore store;
  private final InstantSource clock;

  /** For what waits for the store: the link's threads must not. */
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("log-open-", 0).factory());

  StoredLogs(LogStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  private static StreamId stream(Target target) {
    return new StreamId(new GroupId(target.realm(), target.group()), target.stream());
  }

  @Override
  public CompletableFuture<Standing> open(Target target) {
    return CompletableFuture.supplyAsync(() -> opened(target), threads);
  }

  private Standing opened(Target target) {
    var stream = stream(target);
    if (target.createGroup() && store.group(stream.group()).isEmpty()) {
      store.createGroup(stream.group(), clock.millis(), GroupSettings.STANDARD);
    }
    if (store.createStream(stream, clock.millis()) == Changed.NO_GROUP) {
      return new Standing(
          0,
          Optional.of(
              "create stream has been retried 1 times: failed to create Cloudwatch log stream:"
                  + " ResourceNotFoundException: The specified log group does not exist: "
                  + target.group()));
    }
    long offset =
        store.stream(stream)
            .flatMap(LogStream::source)
            .map(LogStream.SourceProgress::offset)
            .orElse(0L);
    return new Standing(offset, Optional.empty());
  }

  @Override
  public CompletableFuture<Standing> append(Target target, ToControl.LogBatch batch) {
    var span = new SourceSpan(batch.after(), batch.end(), batch.complete());
    return store
        .append(stream(target), batch.events(), Optional.of(span), clock.millis())
        .thenCompose(
            appended ->
                switch (appended) {
                  case Appended.Stored _ -> at(batch.end());
                  case Appended.StandsAt(var progress) -> at(progress.offset());
                  case Appended.NoStream _ ->
                      CompletableFuture.supplyAsync(() -> made(target, batch, span), threads);
                  case Appended.Malformed(var why) -> {
                    LOG.atError()
                        .addKeyValue("stream", target.stream())
                        .addKeyValue("why", why)
                        .log("a host sent events that cannot be read");
                    yield at(batch.end());
                  }
                });
  }

  private static CompletableFuture<Standing> at(long offset) {
    return CompletableFuture.completedFuture(new Standing(offset, Optional.empty()));
  }

  /**
   * Somebody deleted the stream: it is made again. Without its group, lines are lost, as on AWS.
   */
  private Standing made(Target target, ToControl.LogBatch batch, SourceSpan span) {
    if (opened(target).failure().isPresent()) {
      LOG.atWarn().addKeyValue("group", target.group()).log("no such log group: lines are lost");
      return new Standing(batch.end(), Optional.empty());
    }
    return switch (store
        .append(stream(target), batch.events(), Optional.of(span), clock.millis())
        .join()) {
      case Appended.StandsAt(var progress) -> new Standing(progress.offset(), Optional.empty());
      case Appended.Stored _, Appended.NoStream _, Appended.Malformed _ ->
          new Standing(batch.end(), Optional.empty());
    };
  }
}
