package dev.berth.logs.segment;

import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogGroup;
import dev.berth.logs.LogStream;
import dev.berth.logs.StreamId;
import dev.berth.model.identity.Realm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Everything that a store knows in memory, behind one lock that is never held over I/O. */
final class Contents {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<GroupId, GroupState> groups = new HashMap<>();
  private final Map<Long, StreamState> streams = new HashMap<>();

  /** The oldest first; the last one is written. */
  private final List<Journal> journals = new ArrayList<>();

  private long nextOrdinal;

  private <T> T reading(Supplier<T> body) {
    lock.readLock().lock();
    try {
      return body.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private void writing(Runnable body) {
    lock.writeLock().lock();
    try {
      body.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Numbers below that were used. */
  void reserve(long ordinal) {
    writing(() -> nextOrdinal = Math.max(nextOrdinal, ordinal));
  }

  void add(GroupState group) {
    writing(
        () -> {
          groups.put(group.id, group);
          nextOrdinal = Math.max(nextOrdinal, group.ordinal + 1);
          group.streams.values().forEach(this::note);
        });
  }

  void add(StreamState stream) {
    writing(
        () -> {
          stream.group.streams.put(stream.id.name(), stream);
          note(stream);
        });
  }

  private void note(StreamState stream) {
    streams.put(stream.ordinal, stream);
    nextOrdinal = Math.max(nextOrdinal, stream.ordinal + 1);
  }

  /** A number for a new group or stream; asked for by the committer alone. */
  long nextOrdinal() {
    return reading(() -> nextOrdinal);
  }

  void change(GroupState group, GroupSettings settings) {
    writing(() -> group.settings = settings);
  }

  void remove(GroupState group) {
    writing(
        () -> {
          groups.remove(group.id);
          group.streams.values().forEach(stream -> streams.remove(stream.ordinal));
        });
  }

  void remove(StreamState stream) {
    writing(
        () -> {
          streams.remove(stream.ordinal);
          stream.group.streams.remove(stream.id.name());
        });
  }

  Optional<GroupState> group(GroupId id) {
    return reading(() -> Optional.ofNullable(groups.get(id)));
  }

  Optional<StreamState> stream(StreamId id) {
    return reading(() -> find(id));
  }

  private Optional<StreamState> find(StreamId id) {
    return Optional.ofNullable(groups.get(id.group()))
        .flatMap(group -> Optional.ofNullable(group.streams.get(id.name())));
  }

  Optional<LogGroup> shownGroup(GroupId id) {
    return reading(() -> Optional.ofNullable(groups.get(id)).map(GroupState::shown));
  }

  List<LogGroup> shownGroups(Realm realm) {
    return reading(
        () ->
            groups.values().stream()
                .filter(group -> group.id.realm().equals(realm))
                .map(GroupState::shown)
                .sorted(Comparator.comparing(group -> group.id().name()))
                .toList());
  }

  Optional<LogStream> shownStream(StreamId id) {
    return reading(() -> find(id).map(StreamState::shown));
  }

  List<LogStream> shownStreams(GroupId id) {
    return reading(
        () ->
            Optional.ofNullable(groups.get(id)).stream()
                .flatMap(group -> group.streams.values().stream())
                .map(StreamState::shown)
                .toList());
  }

  List<GroupState> allGroups() {
    return reading(() -> List.copyOf(groups.values()));
  }

  void add(Journal journal) {
    writing(() -> journals.add(journal));
  }

  /** A block was found in a journal when the store was opened. */
  void noteReplayed(BlockRecord record) {
    writing(
        () -> Optional.ofNullable(streams.get(record.stream())).ifPresent(it -> it.note(record)));
  }

  /** Blocks are durable now: from here on they are seen. */
  void publish(Journal journal, List<BlockRecord> records, List<BlockPlace> places) {
    writing(
        () -> {
          for (int i = 0; i < records.size(); i++) {
            var stream = streams.get(records.get(i).stream());
            if (stream != null) {
              stream.note(records.get(i));
              journal.add(places.get(i));
            }
          }
        });
  }

  /** A journal's blocks of streams that are still there, by their groups' numbers. */
  Map<Long, List<List<BlockPlace>>> byGroup(Journal journal) {
    return reading(
        () -> {
          var byGroup = new HashMap<Long, List<List<BlockPlace>>>();
          for (long ordinal : journal.streams()) {
            var stream = streams.get(ordinal);
            if (stream != null) {
              byGroup
                  .computeIfAbsent(stream.group.ordinal, _ -> new ArrayList<>())
                  .add(List.copyOf(journal.places(ordinal)));
            }
          }
          byGroup
              .values()
              .forEach(each -> each.sort(Comparator.comparingLong(of -> of.getFirst().stream())));
          return byGroup;
        });
  }

  /** The catalog's records of all streams that a journal touches. */
  List<byte[]> checkpoint(Journal journal) {
    return reading(
        () -> {
          var records = new ArrayList<byte[]>();
          for (long ordinal : journal.streams()) {
            var stream = streams.get(ordinal);
            if (stream != null) {
              records.add(Catalog.record(stream));
            }
          }
          return records;
        });
  }

  /** Segments take a journal's place. Gives those whose groups are gone. */
  List<SealedSegment> replace(Journal journal, Map<Long, SealedSegment> segments) {
    var orphans = new ArrayList<SealedSegment>();
    writing(
        () -> {
          journals.remove(journal);
          var byOrdinal = new HashMap<Long, GroupState>();
          groups.values().forEach(group -> byOrdinal.put(group.ordinal, group));
          segments.forEach(
              (ordinal, segment) -> {
                var group = byOrdinal.get(ordinal);
                if (group == null) {
                  orphans.add(segment);
                } else {
                  var more = new ArrayList<>(group.segments);
                  more.add(segment);
                  group.segments = List.copyOf(more);
                }
              });
        });
    return orphans;
  }

  /** A segment goes, with these blocks of its. */
  void drop(GroupState group, SealedSegment segment, List<BlockPlace> places) {
    writing(
        () -> {
          group.segments = group.segments.stream().filter(each -> !each.equals(segment)).toList();
          for (var place : places) {
            var stream = streams.get(place.stream());
            if (stream != null) {
              stream.storedByteCount -= place.storedByteCount();
            }
          }
        });
  }

  /** What a reading looks at. */
  record View(
      Map<Long, StreamId> streams,
      OptionalInt retentionDays,
      List<SealedSegment> segments,
      List<BlockPlace> places) {
    static final View EMPTY = new View(Map.of(), OptionalInt.empty(), List.of(), List.of());
  }

  /** What is to be read of a group's chosen streams between two times. */
  View view(GroupId id, Predicate<String> chosen, long fromMillis, long untilMillis) {
    return reading(
        () -> {
          var group = groups.get(id);
          if (group == null) {
            return View.EMPTY;
          }
          var ids = new HashMap<Long, StreamId>();
          var places = new ArrayList<BlockPlace>();
          for (var stream : group.streams.values()) {
            if (chosen.test(stream.id.name())) {
              ids.put(stream.ordinal, stream.id);
              for (var journal : journals) {
                journal.places(stream.ordinal).stream()
                    .filter(place -> place.overlaps(fromMillis, untilMillis))
                    .forEach(places::add);
              }
            }
          }
          return new View(
              ids,
              group.settings.retentionDays(),
              group.segments.stream()
                  .filter(segment -> segment.overlaps(fromMillis, untilMillis))
                  .toList(),
              places);
        });
  }

  /** A stream's blocks from an event on: those in journals, and before them those in segments. */
  record Arrivals(long stream, List<BlockPlace> places, List<SealedSegment> segments) {}

  Optional<Arrivals> arrivals(StreamId id, long sequenceMin) {
    return reading(() -> find(id).map(stream -> arrivals(stream, sequenceMin)));
  }

  private Arrivals arrivals(StreamState stream, long sequenceMin) {
    var places = new ArrayList<BlockPlace>();
    long first = stream.nextSequence;
    for (var journal : journals) {
      for (var place : journal.places(stream.ordinal)) {
        first = Math.min(first, place.firstSequence());
        if (place.endSequence() > sequenceMin) {
          places.add(place);
        }
      }
    }
    return new Arrivals(
        stream.ordinal, places, sequenceMin >= first ? List.of() : stream.group.segments);
  }
}
