package dev.berth.logs.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.logs.Appended;
import dev.berth.logs.Blocks;
import dev.berth.logs.Changed;
import dev.berth.logs.EventPage;
import dev.berth.logs.EventPosition;
import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogGroup;
import dev.berth.logs.LogStore;
import dev.berth.logs.LogStream;
import dev.berth.logs.ReadQuery;
import dev.berth.logs.SourceSpan;
import dev.berth.logs.StoredEvent;
import dev.berth.logs.StreamId;
import dev.berth.logs.tail.LogTail;
import dev.berth.logs.tail.Tails;
import dev.berth.model.identity.Realm;
import dev.berth.model.log.EventBlock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Keeps everything in memory, for as long as it is open. */
public final class MemoryLogStore implements LogStore {
  private final InstantSource clock;
  private final Map<GroupId, Group> groups = new LinkedHashMap<>();
  private final Tails tails = new Tails();
  private long streamCount;

  private static final class Group {
    final long createdMillis;
    GroupSettings settings;
    final Map<String, Stream> streams = new LinkedHashMap<>();

    Group(long createdMillis, GroupSettings settings) {
      this.createdMillis = createdMillis;
      this.settings = settings;
    }
  }

  private static final class Stream {
    final long ordinal;
    final long createdMillis;
    final List<StoredEvent> events = new ArrayList<>();
    Optional<LogStream.SourceProgress> source = Optional.empty();

    Stream(long ordinal, long createdMillis) {
      this.ordinal = ordinal;
      this.createdMillis = createdMillis;
    }
  }

  public MemoryLogStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Changed createGroup(GroupId id, long createdMillis, GroupSettings settings) {
    return groups.putIfAbsent(id, new Group(createdMillis, settings)) == null
        ? Changed.DONE
        : Changed.EXISTS;
  }

  @Override
  public synchronized Changed changeGroup(GroupId id, UnaryOperator<GroupSettings> change) {
    var group = groups.get(id);
    if (group == null) {
      return Changed.NO_GROUP;
    }
    group.settings = change.apply(group.settings);
    return Changed.DONE;
  }

  @Override
  public synchronized Changed deleteGroup(GroupId id) {
    return groups.remove(id) == null ? Changed.NO_GROUP : Changed.DONE;
  }

  @Override
  public synchronized Optional<LogGroup> group(GroupId id) {
    return Optional.ofNullable(groups.get(id)).map(group -> shown(id, group));
  }

  private static LogGroup shown(GroupId id, Group group) {
    long byteCount = group.streams.values().stream().mapToLong(MemoryLogStore::byteCount).sum();
    return new LogGroup(id, group.createdMillis, group.settings, byteCount);
  }

  private static long byteCount(Stream stream) {
    return stream.events.stream()
        .mapToLong(event -> byteCount(event) + EVENT_OVERHEAD_BYTE_COUNT)
        .sum();
  }

  private static long byteCount(StoredEvent event) {
    return event.message().getBytes(UTF_8).length;
  }

  @Override
  public synchronized List<LogGroup> groups(Realm realm) {
    return groups.entrySet().stream()
        .filter(entry -> entry.getKey().realm().equals(realm))
        .map(entry -> shown(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparing(group -> group.id().name()))
        .toList();
  }

  @Override
  public synchronized Changed createStream(StreamId id, long createdMillis) {
    var group = groups.get(id.group());
    if (group == null) {
      return Changed.NO_GROUP;
    }
    var fresh = new Stream(streamCount++, createdMillis);
    return group.streams.putIfAbsent(id.name(), fresh) == null ? Changed.DONE : Changed.EXISTS;
  }

  @Override
  public synchronized Changed deleteStream(StreamId id) {
    var group = groups.get(id.group());
    if (group == null) {
      return Changed.NO_GROUP;
    }
    return group.streams.remove(id.name()) == null ? Changed.NO_STREAM : Changed.DONE;
  }

  private Optional<Stream> find(StreamId id) {
    return Optional.ofNullable(groups.get(id.group()))
        .flatMap(group -> Optional.ofNullable(group.streams.get(id.name())));
  }

  @Override
  public synchronized Optional<LogStream> stream(StreamId id) {
    return find(id).map(stream -> shown(id, stream));
  }

  private static LogStream shown(StreamId id, Stream stream) {
    var times = stream.events.stream().mapToLong(StoredEvent::epochMillis).summaryStatistics();
    Optional<LogStream.Extent> extent =
        stream.events.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new LogStream.Extent(
                    times.getMin(), times.getMax(), stream.events.getLast().ingestedMillis()));
    return new LogStream(id, stream.createdMillis, extent, stream.source, byteCount(stream));
  }

  @Override
  public synchronized List<LogStream> streams(GroupId group) {
    return Optional.ofNullable(groups.get(group)).stream()
        .flatMap(found -> found.streams.entrySet().stream())
        .map(entry -> shown(new StreamId(group, entry.getKey()), entry.getValue()))
        .sorted(Comparator.comparing(stream -> stream.id().name()))
        .toList();
  }

  @Override
  public synchronized CompletableFuture<Appended> append(
      StreamId id, EventBlock block, Optional<SourceSpan> source, long ingestedMillis) {
    return CompletableFuture.completedFuture(appended(id, block, source, ingestedMillis));
  }

  private Appended appended(
      StreamId id, EventBlock block, Optional<SourceSpan> source, long ingestedMillis) {
    var found = find(id);
    if (found.isEmpty()) {
      return new Appended.NoStream();
    }
    var stream = found.get();
    if (source.isPresent()
        && stream.source.isPresent()
        && stream.source.get().offset() != source.get().after()) {
      return new Appended.StandsAt(stream.source.get());
    }
    var flaw = Blocks.content(block).flaw();
    if (flaw.isPresent()) {
      return new Appended.Malformed(flaw.get());
    }
    var events = Blocks.stored(block, id, stream.ordinal, stream.events.size(), ingestedMillis);
    stream.events.addAll(events);
    source.ifPresent(
        span ->
            stream.source = Optional.of(new LogStream.SourceProgress(span.end(), span.complete())));
    tails.publish(id, () -> events);
    return new Appended.Stored();
  }

  @Override
  public synchronized EventPage read(ReadQuery query) {
    var group = groups.get(query.group());
    if (group == null) {
      return new EventPage(List.of(), Optional.empty());
    }
    boolean forward = query.direction() == ReadQuery.Direction.FROM_OLDEST;
    Comparator<StoredEvent> order = Comparator.comparing(StoredEvent::position);
    long cutoff = cutoff(group);
    var matching =
        group.streams.entrySet().stream()
            .filter(entry -> query.streams().test(entry.getKey()))
            .flatMap(entry -> entry.getValue().events.stream())
            .filter(event -> event.epochMillis() >= cutoff && query.covers(event.position()))
            .filter(event -> query.filter().test(event.message()))
            .sorted(forward ? order : order.reversed())
            .toList();
    var page = new ArrayList<StoredEvent>();
    long byteCount = 0;
    for (var event : matching) {
      byteCount += byteCount(event);
      if (page.size() == query.eventCountMax()
          || (byteCount > EventPage.BYTE_COUNT_MAX && !page.isEmpty())) {
        break;
      }
      page.add(event);
    }
    Optional<EventPosition> beyond =
        page.size() == matching.size() ? Optional.empty() : Optional.of(page.getLast().position());
    return new EventPage(forward ? page : page.reversed(), beyond);
  }

  private long cutoff(Group group) {
    return group.settings.retentionDays().isPresent()
        ? clock.millis() - Duration.ofDays(group.settings.retentionDays().getAsInt()).toMillis()
        : Long.MIN_VALUE;
  }

  @Override
  public synchronized List<StoredEvent> readArrivals(
      StreamId id, long sequenceMin, int eventCountMax) {
    return find(id).stream()
        .flatMap(stream -> stream.events.stream())
        .filter(event -> event.position().sequence() >= sequenceMin)
        .limit(eventCountMax)
        .toList();
  }

  @Override
  public LogTail tail(Predicate<StreamId> wanted) {
    return tails.open(wanted);
  }

  /** Nothing to do: what is shown no more goes with the store. */
  @Override
  public void expire() {}

  @Override
  public void close() {}
}
