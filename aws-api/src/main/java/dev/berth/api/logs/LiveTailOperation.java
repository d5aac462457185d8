package dev.berth.api.logs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.EventFlow;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.logs.GroupId;
import dev.berth.logs.LogStore;
import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import dev.berth.logs.pattern.FilterPattern;
import dev.berth.logs.tail.LogTail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionMetadata;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionStart;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionUpdate;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailRequest;

/**
 * StartLiveTail. AWS sends one update a second; here one goes out as soon as something has arrived,
 * and an empty one when nothing has for a second.
 */
final class LiveTailOperation {
  private static final int UPDATE_EVENT_COUNT_MAX = 500;
  private static final Duration SILENCE_MAX = Duration.ofSeconds(1);
  private static final Duration SESSION_MAX = Duration.ofHours(3);

  private final LogStore store;

  LiveTailOperation(LogStore store) {
    this.store = store;
  }

  void addTo(ServiceBinding.Builder service) {
    service.onStream(StartLiveTailRequest.class, this::start);
  }

  private EventFlow start(CallContext context, StartLiveTailRequest request) {
    Set<GroupId> groups = new HashSet<>();
    for (String identifier : request.logGroupIdentifiers()) {
      if (!identifier.startsWith("arn:")) {
        throw LogsErrors.invalid("logGroupIdentifiers: '" + identifier + "' is not an ARN.");
      }
      GroupId group = LogNames.ofArn(context, identifier);
      if (store.group(group).isEmpty()) {
        throw LogsErrors.noGroup();
      }
      groups.add(group);
    }
    Predicate<String> names = names(request, groups.size());
    FilterPattern pattern = ReadOperations.pattern(request.logEventFilterPattern());
    return sink -> {
      try (LogTail tail =
          store.tail(stream -> groups.contains(stream.group()) && names.test(stream.name()))) {
        sink.event("sessionStart", started(context, request));
        follow(tail, pattern, sink);
      }
    };
  }

  private static Predicate<String> names(StartLiveTailRequest request, int groupCount) {
    boolean named = request.hasLogStreamNames();
    boolean prefixed = request.hasLogStreamNamePrefixes();
    if (named && prefixed) {
      throw LogsErrors.invalid(
          "logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.");
    }
    if ((named || prefixed) && groupCount != 1) {
      throw LogsErrors.invalid(
          "logStreamNames and logStreamNamePrefixes need exactly one log group.");
    }
    if (named) {
      return Set.copyOf(request.logStreamNames())::contains;
    }
    if (prefixed) {
      return name -> request.logStreamNamePrefixes().stream().anyMatch(name::startsWith);
    }
    return _ -> true;
  }

  private static LiveTailSessionStart started(CallContext context, StartLiveTailRequest request) {
    var start =
        LiveTailSessionStart.builder()
            .requestId(context.requestId())
            .sessionId(UUID.randomUUID().toString())
            .logGroupIdentifiers(request.logGroupIdentifiers())
            .logEventFilterPattern(request.logEventFilterPattern());
    if (request.hasLogStreamNames()) {
      start.logStreamNames(request.logStreamNames());
    }
    if (request.hasLogStreamNamePrefixes()) {
      start.logStreamNamePrefixes(request.logStreamNamePrefixes());
    }
    return start.build();
  }

  private static void follow(LogTail tail, FilterPattern pattern, EventFlow.Sink sink)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + SESSION_MAX.toNanos();
    while (System.nanoTime() < end) {
      List<StoredEvent> arrived = new ArrayList<>(tail.take(SILENCE_MAX));
      arrived.removeIf(event -> !pattern.test(event.message()));
      boolean sampled = tail.takeDroppedCount() > 0;
      int sent = 0;
      do {
        var part = arrived.subList(sent, Math.min(arrived.size(), sent + UPDATE_EVENT_COUNT_MAX));
        sink.event("sessionUpdate", update(part, sampled));
        sent += part.size();
      } while (sent < arrived.size());
    }
    sink.error("SessionTimeoutException", "Live Tail sessions end after three hours.");
  }

  private static LiveTailSessionUpdate update(List<StoredEvent> events, boolean sampled) {
    return LiveTailSessionUpdate.builder()
        .sessionMetadata(LiveTailSessionMetadata.builder().sampled(sampled).build())
        .sessionResults(events.stream().map(LiveTailOperation::shape).toList())
        .build();
  }

  private static LiveTailSessionLogEvent shape(StoredEvent event) {
    StreamId stream = event.stream();
    return LiveTailSessionLogEvent.builder()
        .logGroupIdentifier(stream.group().realm().account().value() + ":" + stream.group().name())
        .logStreamName(stream.name())
        .message(event.message())
        .timestamp(event.epochMillis())
        .ingestionTime(event.ingestedMillis())
        .build();
  }
}
