package dev.berth.logs;

import dev.berth.logs.tail.LogTail;
import dev.berth.model.identity.Realm;
import dev.berth.model.log.EventBlock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Log groups, their streams and their events.
 *
 * <p>Safe for use by any number of threads. What a method has acknowledged is durable, and visible
 * to every reading that begins afterwards. A failure of the store itself is a {@link
 * LogStoreException}.
 */
public interface LogStore extends AutoCloseable {
  /** What AWS counts for an event beside its message. */
  int EVENT_OVERHEAD_BYTE_COUNT = 26;

  Changed createGroup(GroupId id, long createdMillis, GroupSettings settings);

  Changed changeGroup(GroupId id, UnaryOperator<GroupSettings> change);

  /** Deletes it with its streams and events. */
  Changed deleteGroup(GroupId id);

  Optional<LogGroup> group(GroupId id);

  /** By name. */
  List<LogGroup> groups(Realm realm);

  Changed createStream(StreamId id, long createdMillis);

  Changed deleteStream(StreamId id);

  Optional<LogStream> stream(StreamId id);

  /** By name; none where there is no such group. */
  List<LogStream> streams(GroupId group);

  /**
   * Appends a block. Appends to one stream are stored in the order in which they were handed in.
   *
   * @param source absent where nothing is known of a source, and the block is always stored
   */
  CompletableFuture<Appended> append(
      StreamId stream, EventBlock block, Optional<SourceSpan> source, long ingestedMillis);

  /** One page of events; an empty last one where there is no such group. */
  EventPage read(ReadQuery query);

  /**
   * Events of one stream in the order of their arrival, whatever their times.
   *
   * @param sequenceMin the first one's number
   */
  List<StoredEvent> readArrivals(StreamId stream, long sequenceMin, int eventCountMax);

  /** From now on, all events of the groups and streams that are wanted. */
  LogTail tail(Predicate<StreamId> wanted);

  /** Gives back the room of what is older than its group's retention, which is shown no more. */
  void expire();

  @Override
  void close();
}
