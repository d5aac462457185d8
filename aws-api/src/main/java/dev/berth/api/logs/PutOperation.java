package dev.berth.api.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.logs.Appended;
import dev.berth.logs.Blocks;
import dev.berth.logs.LogStore;
import dev.berth.logs.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;

/** PutLogEvents. Sequence tokens are taken and ignored, as AWS does by now. */
final class PutOperation {
  /** A token for clients that still want one. */
  static final String SEQUENCE_TOKEN = "49039859606234678901234567890123456789012345678901234567";

  private static final long BATCH_BYTE_COUNT_MAX = 1_048_576;
  private static final Duration SPAN_MAX = Duration.ofHours(24);
  private static final Duration EARLY_MAX = Duration.ofHours(2);
  private static final Duration LATE_MAX = Duration.ofDays(14);

  private final LogStore store;

  PutOperation(LogStore store) {
    this.store = store;
  }

  void addTo(ServiceBinding.Builder service) {
    service.on(PutLogEventsRequest.class, this::put);
  }

  @SuppressWarnings("deprecation") // Older clients read the token.
  private PutLogEventsResponse put(CallContext context, PutLogEventsRequest request) {
    var stream =
        new StreamId(LogNames.group(context, request.logGroupName()), request.logStreamName());
    List<InputLogEvent> events = request.logEvents();
    check(events);
    var group = store.group(stream.group()).orElseThrow(LogsErrors::noGroup);
    if (store.stream(stream).isEmpty()) {
      throw LogsErrors.noStream();
    }
    long now = context.now().toEpochMilli();
    int tooOld = countBefore(events, now - LATE_MAX.toMillis());
    OptionalInt days = group.settings().retentionDays();
    int expired =
        days.isPresent()
            ? countBefore(events, now - Duration.ofDays(days.getAsInt()).toMillis())
            : 0;
    int tooNew = countBefore(events, now + EARLY_MAX.toMillis() + 1);
    int from = Math.max(tooOld, expired);
    if (from < tooNew) {
      append(stream, events.subList(from, tooNew), now);
    }
    var response = PutLogEventsResponse.builder().nextSequenceToken(SEQUENCE_TOKEN);
    if (from > 0 || tooNew < events.size()) {
      var rejected = RejectedLogEventsInfo.builder();
      if (tooOld > 0) {
        rejected.tooOldLogEventEndIndex(tooOld);
      }
      if (expired > 0) {
        rejected.expiredLogEventEndIndex(expired);
      }
      if (tooNew < events.size()) {
        rejected.tooNewLogEventStartIndex(tooNew);
      }
      response.rejectedLogEventsInfo(rejected.build());
    }
    return response.build();
  }

  private static void check(List<InputLogEvent> events) {
    long byteCount = 0;
    for (int i = 0; i < events.size(); i++) {
      byteCount +=
          events.get(i).message().getBytes(UTF_8).length + LogStore.EVENT_OVERHEAD_BYTE_COUNT;
      if (i > 0 && events.get(i).timestamp() < events.get(i - 1).timestamp()) {
        throw LogsErrors.invalid(
            "Log events in a single PutLogEvents request must be in chronological order.");
      }
    }
    if (byteCount > BATCH_BYTE_COUNT_MAX) {
      throw LogsErrors.invalid(
          "Upload too large: %d bytes exceeds limit of %d"
              .formatted(byteCount, BATCH_BYTE_COUNT_MAX));
    }
    if (events.getLast().timestamp() - events.getFirst().timestamp() > SPAN_MAX.toMillis()) {
      throw LogsErrors.invalid(
          "The batch of log events in a single PutLogEvents request cannot span more than 24"
              + " hours.");
    }
  }

  /** They are in the order of their times. */
  private static int countBefore(List<InputLogEvent> events, long millis) {
    int count = 0;
    while (count < events.size() && events.get(count).timestamp() < millis) {
      count++;
    }
    return count;
  }

  private void append(StreamId stream, List<InputLogEvent> events, long now) {
    var taken = new ArrayList<Blocks.Event>(events.size());
    events.forEach(event -> taken.add(new Blocks.Event(event.timestamp(), event.message())));
    switch (store.append(stream, Blocks.of(taken), Optional.empty(), now).join()) {
      case Appended.Stored _ -> {}
      case Appended.NoStream _ -> throw LogsErrors.noStream();
      case Appended.StandsAt _, Appended.Malformed _ ->
          throw new IllegalStateException("a block without a source was not stored");
    }
  }
}
