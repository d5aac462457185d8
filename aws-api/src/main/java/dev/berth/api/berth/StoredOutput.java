package dev.berth.api.berth;

import dev.berth.control.hosts.OutputPage;
import dev.berth.logs.GroupId;
import dev.berth.logs.LogStore;
import dev.berth.logs.LogStream;
import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import dev.berth.model.identity.Realm;
import dev.berth.model.task.LogConfiguration;
import dev.berth.model.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a container wrote to its log stream; an offset is an event's number there. */
final class StoredOutput {
  private static final int PAGE_EVENT_COUNT_MAX = 1_000;

  /**
   * Of a task that has ended, whose stream never says so: its host is gone, or somebody deleted it.
   */
  private static final Duration LATE_MAX = Duration.ofSeconds(30);

  private final LogStore logs;

  StoredOutput(LogStore logs) {
    this.logs = logs;
  }

  OutputPage page(Task task, String container, LogConfiguration log, long offset) {
    var realm = new Realm(task.spec().realm().account(), log.region());
    var stream = new StreamId(new GroupId(realm, log.group()), log.stream(container, task.id()));
    // Asked before the events are read: what comes after that is asked for once more.
    boolean over = isComplete(stream) || isLongOver(task);
    List<StoredEvent> events = logs.readArrivals(stream, offset, PAGE_EVENT_COUNT_MAX);
    return new OutputPage(
        events.stream().map(StoredOutput::line).toList(),
        offset + events.size(),
        over && events.isEmpty());
  }

  private boolean isComplete(StreamId stream) {
    return logs.stream(stream)
        .flatMap(LogStream::source)
        .map(LogStream.SourceProgress::complete)
        .orElse(false);
  }

  private static boolean isLongOver(Task task) {
    return task.stoppedAt().map(at -> at.plus(LATE_MAX).isBefore(Instant.now())).orElse(false);
  }

  private static OutputPage.Line line(StoredEvent event) {
    return new OutputPage.Line(
        Instant.ofEpochMilli(event.epochMillis()),
        event.stderr() ? "stderr" : "stdout",
        event.message(),
        false);
  }
}
