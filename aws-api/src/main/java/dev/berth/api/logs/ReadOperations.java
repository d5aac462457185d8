package dev.berth.api.logs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.logs.EventPage;
import dev.berth.logs.EventPosition;
import dev.berth.logs.GroupId;
import dev.berth.logs.LogStore;
import dev.berth.logs.ReadQuery;
import dev.berth.logs.ReadQuery.Direction;
import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import dev.berth.logs.pattern.FilterPattern;
import dev.berth.logs.pattern.InvalidPattern;
import dev.berth.logs.pattern.PatternParser;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/** GetLogEvents and FilterLogEvents. */
final class ReadOperations {
  private static final int EVENT_COUNT_MAX = 10_000;
  private static final String FORWARD = "f/";
  private static final String BACKWARD = "b/";

  private final LogStore store;

  ReadOperations(LogStore store) {
    this.store = store;
  }

  void addTo(ServiceBinding.Builder service) {
    service.on(GetLogEventsRequest.class, this::get).on(FilterLogEventsRequest.class, this::filter);
  }

  private GetLogEventsResponse get(CallContext context, GetLogEventsRequest request) {
    GroupId group = LogNames.group(context, request.logGroupName(), request.logGroupIdentifier());
    if (store.group(group).isEmpty()) {
      throw LogsErrors.noGroup();
    }
    if (store.stream(new StreamId(group, request.logStreamName())).isEmpty()) {
      throw LogsErrors.noStream();
    }
    Cursor cursor = cursor(request);
    EventPage page =
        store.read(
            ReadQuery.of(group, limit(request.limit()))
                .of(request.logStreamName()::equals)
                .between(from(request.startTime()), until(request.endTime()))
                .to(cursor.direction())
                .beyond(cursor.position()));
    List<StoredEvent> events = page.events();
    // At the end the tokens are repeated: that is how a client knows.
    EventPosition here = cursor.position().orElse(EventPosition.before(from(request.startTime())));
    EventPosition first = events.isEmpty() ? here : events.getFirst().position();
    EventPosition last = events.isEmpty() ? here : events.getLast().position();
    return GetLogEventsResponse.builder()
        .events(events.stream().map(ReadOperations::output).toList())
        .nextForwardToken(FORWARD + EventTokens.text(last))
        .nextBackwardToken(BACKWARD + EventTokens.text(first))
        .build();
  }

  /** Where a page begins, and where it goes. */
  private record Cursor(Direction direction, Optional<EventPosition> position) {}

  private static Cursor cursor(GetLogEventsRequest request) {
    String token = request.nextToken();
    if (token == null) {
      return new Cursor(
          Boolean.TRUE.equals(request.startFromHead())
              ? Direction.FROM_OLDEST
              : Direction.FROM_NEWEST,
          Optional.empty());
    }
    var position =
        Optional.of(EventTokens.position(token.length() > 2 ? token.substring(2) : token));
    if (token.startsWith(FORWARD)) {
      return new Cursor(Direction.FROM_OLDEST, position);
    }
    if (token.startsWith(BACKWARD)) {
      return new Cursor(Direction.FROM_NEWEST, position);
    }
    throw LogsErrors.invalid("The specified nextToken is invalid.");
  }

  private static OutputLogEvent output(StoredEvent event) {
    return OutputLogEvent.builder()
        .timestamp(event.epochMillis())
        .message(event.message())
        .ingestionTime(event.ingestedMillis())
        .build();
  }

  private FilterLogEventsResponse filter(CallContext context, FilterLogEventsRequest request) {
    GroupId group = LogNames.group(context, request.logGroupName(), request.logGroupIdentifier());
    if (store.group(group).isEmpty()) {
      throw LogsErrors.noGroup();
    }
    EventPage page =
        store.read(
            ReadQuery.of(group, limit(request.limit()))
                .of(streams(group, request))
                .between(from(request.startTime()), until(request.endTime()))
                .beyond(Optional.ofNullable(request.nextToken()).map(EventTokens::position))
                .matching(pattern(request.filterPattern())));
    return FilterLogEventsResponse.builder()
        .events(page.events().stream().map(ReadOperations::filtered).toList())
        .searchedLogStreams(List.of())
        .nextToken(page.beyond().map(EventTokens::text).orElse(null))
        .build();
  }

  private Predicate<String> streams(GroupId group, FilterLogEventsRequest request) {
    String prefix = request.logStreamNamePrefix();
    if (request.hasLogStreamNames() && prefix != null) {
      throw LogsErrors.invalid(
          "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
    }
    if (request.hasLogStreamNames()) {
      for (String name : request.logStreamNames()) {
        if (store.stream(new StreamId(group, name)).isEmpty()) {
          throw LogsErrors.noStream();
        }
      }
      return Set.copyOf(request.logStreamNames())::contains;
    }
    return prefix == null ? _ -> true : name -> name.startsWith(prefix);
  }

  /** The filter that a text is. */
  static FilterPattern pattern(@Nullable String text) {
    try {
      return PatternParser.parse(text == null ? "" : text);
    } catch (InvalidPattern e) {
      throw LogsErrors.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static FilteredLogEvent filtered(StoredEvent event) {
    return FilteredLogEvent.builder()
        .logStreamName(event.stream().name())
        .timestamp(event.epochMillis())
        .message(event.message())
        .ingestionTime(event.ingestedMillis())
        .eventId(EventTokens.text(event.position()))
        .build();
  }

  private static int limit(@Nullable Integer wanted) {
    return wanted == null ? EVENT_COUNT_MAX : wanted;
  }

  private static long from(@Nullable Long millis) {
    return millis == null ? 0 : millis;
  }

  private static long until(@Nullable Long millis) {
    return millis == null ? Long.MAX_VALUE : millis;
  }
}
