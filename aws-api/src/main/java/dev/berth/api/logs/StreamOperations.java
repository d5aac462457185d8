package dev.berth.api.logs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.logs.Changed;
import dev.berth.logs.GroupId;
import dev.berth.logs.LogStore;
import dev.berth.logs.LogStream;
import dev.berth.logs.StreamId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;

/** Log streams. */
final class StreamOperations {
  private static final Comparator<LogStream> BY_NAME =
      Comparator.comparing(stream -> stream.id().name());
  private static final Comparator<LogStream> BY_LAST_EVENT =
      Comparator.comparingLong(
              (LogStream stream) ->
                  stream.events().map(LogStream.Extent::lastMillis).orElse(Long.MIN_VALUE))
          .thenComparing(BY_NAME);

  private final LogStore store;

  StreamOperations(LogStore store) {
    this.store = store;
  }

  void addTo(ServiceBinding.Builder service) {
    service
        .on(CreateLogStreamRequest.class, this::create)
        .on(DeleteLogStreamRequest.class, this::delete)
        .on(DescribeLogStreamsRequest.class, this::describe);
  }

  private CreateLogStreamResponse create(CallContext context, CreateLogStreamRequest request) {
    GroupId group = LogNames.group(context, request.logGroupName());
    Changed changed =
        store.createStream(
            new StreamId(group, request.logStreamName()), context.now().toEpochMilli());
    if (changed == Changed.EXISTS) {
      throw ResourceAlreadyExistsException.builder()
          .message("The specified log stream already exists")
          .build();
    }
    LogsErrors.require(changed);
    return CreateLogStreamResponse.builder().build();
  }

  private DeleteLogStreamResponse delete(CallContext context, DeleteLogStreamRequest request) {
    GroupId group = LogNames.group(context, request.logGroupName());
    LogsErrors.require(store.deleteStream(new StreamId(group, request.logStreamName())));
    return DeleteLogStreamResponse.builder().build();
  }

  private DescribeLogStreamsResponse describe(
      CallContext context, DescribeLogStreamsRequest request) {
    GroupId group = LogNames.group(context, request.logGroupName(), request.logGroupIdentifier());
    boolean byLastEvent = request.orderBy() == OrderBy.LAST_EVENT_TIME;
    String prefix = request.logStreamNamePrefix();
    if (byLastEvent && prefix != null) {
      throw LogsErrors.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    if (store.group(group).isEmpty()) {
      throw LogsErrors.noGroup();
    }
    var streams = new ArrayList<>(store.streams(group));
    streams.removeIf(stream -> prefix != null && !stream.id().name().startsWith(prefix));
    streams.sort(byLastEvent ? BY_LAST_EVENT : BY_NAME);
    if (Boolean.TRUE.equals(request.descending())) {
      Collections.reverse(streams);
    }
    var page =
        NamePages.of(streams, stream -> stream.id().name(), request.nextToken(), request.limit());
    return DescribeLogStreamsResponse.builder()
        .logStreams(page.items().stream().map(StreamOperations::shape).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  @SuppressWarnings("deprecation") // AWS still answers with it: always 0 for a stream.
  private static software.amazon.awssdk.services.cloudwatchlogs.model.LogStream shape(
      LogStream stream) {
    var shape =
        software.amazon.awssdk.services.cloudwatchlogs.model.LogStream.builder()
            .logStreamName(stream.id().name())
            .creationTime(stream.createdMillis())
            .arn(LogNames.arn(stream.id()))
            .storedBytes(0L)
            .uploadSequenceToken(PutOperation.SEQUENCE_TOKEN);
    Optional<LogStream.Extent> events = stream.events();
    events.ifPresent(
        extent ->
            shape
                .firstEventTimestamp(extent.firstMillis())
                .lastEventTimestamp(extent.lastMillis())
                .lastIngestionTime(extent.lastIngestedMillis()));
    return shape.build();
  }
}
