package dev.berth.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.logs.Blocks.Event;
import dev.berth.logs.ReadQuery.Direction;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import dev.berth.model.log.EventBlock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every log store promises. */
public abstract class LogStoreConformance {
  protected static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  protected static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final long T0 = NOW.toEpochMilli() - 1_000_000;
  private static final Realm REALM = new Realm(new AccountId("123456789012"), new Region("lab-9"));
  private static final GroupId GROUP = new GroupId(REALM, "/ecs/web");
  private static final StreamId STREAM = new StreamId(GROUP, "web/app/1");

  private LogStore store;

  /** An empty store, whose clock stands at {@link #NOW}; it may use that folder. */
  protected abstract LogStore open(Path folder);

  @BeforeEach
  void begin(@TempDir Path folder) {
    store = open(folder);
    assertThat(store.createGroup(GROUP, T0, GroupSettings.STANDARD)).isEqualTo(Changed.DONE);
    assertThat(store.createStream(STREAM, T0)).isEqualTo(Changed.DONE);
  }

  @AfterEach
  void end() {
    store.close();
  }

  @Test
  void aGroupIsMadeOnceAndOnlyInItsRealm() {
    var elsewhere = new Realm(REALM.account(), new Region("lab-8"));

    assertThat(store.createGroup(GROUP, T0, GroupSettings.STANDARD)).isEqualTo(Changed.EXISTS);
    assertThat(store.groups(elsewhere)).isEmpty();
    assertThat(store.groups(REALM)).extracting(LogGroup::id).containsExactly(GROUP);
    assertThat(store.group(new GroupId(elsewhere, GROUP.name()))).isEmpty();
  }

  @Test
  void whatIsNotThereIsSaid() {
    var nowhere = new GroupId(REALM, "nowhere");
    var stream = new StreamId(GROUP, "none");

    assertThat(store.createStream(new StreamId(nowhere, "a"), T0)).isEqualTo(Changed.NO_GROUP);
    assertThat(store.deleteStream(new StreamId(nowhere, "a"))).isEqualTo(Changed.NO_GROUP);
    assertThat(store.deleteStream(stream)).isEqualTo(Changed.NO_STREAM);
    assertThat(store.deleteGroup(nowhere)).isEqualTo(Changed.NO_GROUP);
    assertThat(store.changeGroup(nowhere, it -> it)).isEqualTo(Changed.NO_GROUP);
    assertThat(append(stream, event(1, "x"))).isEqualTo(new Appended.NoStream());
    assertThat(store.read(ReadQuery.of(nowhere, 10)).events()).isEmpty();
    assertThat(store.streams(nowhere)).isEmpty();
    assertThat(store.readArrivals(stream, 0, 10)).isEmpty();
  }

  @Test
  void settingsChangeAndStay() {
    store.changeGroup(GROUP, it -> it.withRetentionDays(OptionalInt.of(7)));
    store.changeGroup(GROUP, it -> it.withTags(Map.of("a", "1")));

    assertThat(store.group(GROUP).orElseThrow().settings())
        .isEqualTo(new GroupSettings(OptionalInt.of(7), Map.of("a", "1"), "STANDARD"));
  }

  @Test
  void eventsAreReadInTheOrderOfTheirTimesWhateverTheOrderOfTheirArrival() {
    append(STREAM, event(30, "c"), event(50, "e"));
    append(STREAM, event(10, "a"), event(20, "b"), event(40, "d"));

    assertThat(messages(all(100))).containsExactly("a", "b", "c", "d", "e");
    assertThat(all(100)).extracting(StoredEvent::ingestedMillis).containsOnly(NOW.toEpochMilli());
  }

  @Test
  void eventsOfOneMillisecondKeepTheOrderOfTheirArrival() {
    append(STREAM, event(1, "a"), event(1, "b"));
    append(STREAM, event(1, "c"));
    append(STREAM, event(1, "d"));

    assertThat(messages(all(100))).containsExactly("a", "b", "c", "d");
    assertThat(messages(all(1))).containsExactly("a", "b", "c", "d");
    assertThat(messages(store.readArrivals(STREAM, 1, 2))).containsExactly("b", "c");
  }

  @Test
  void streamsOfAGroupAreReadTogetherOrApart() {
    var other = new StreamId(GROUP, "web/app/2");
    store.createStream(other, T0);
    append(STREAM, event(1, "a"), event(3, "c"));
    append(other, event(2, "b"), event(4, "d"));

    assertThat(messages(all(3))).containsExactly("a", "b", "c", "d");
    assertThat(messages(read(ReadQuery.of(GROUP, 3).of(other.name()::equals))))
        .containsExactly("b", "d");
    assertThat(store.streams(GROUP)).extracting(LogStream::id).containsExactly(STREAM, other);
  }

  @Test
  void aReadingFromTheNewestGivesTheLastPageAndGoesBack() {
    append(STREAM, event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d"), event(5, "e"));
    var query = ReadQuery.of(GROUP, 2).to(Direction.FROM_NEWEST);

    EventPage last = store.read(query);
    EventPage before = store.read(query.beyond(last.beyond()));
    EventPage first = store.read(query.beyond(before.beyond()));

    assertThat(messages(last.events())).containsExactly("d", "e");
    assertThat(messages(before.events())).containsExactly("b", "c");
    assertThat(messages(first.events())).containsExactly("a");
    assertThat(first.beyond()).isEmpty();
  }

  @Test
  void aTimeIsFromItsFirstMillisecondUntilBeforeItsLast() {
    append(STREAM, event(1, "a"), event(2, "b"), event(3, "c"));

    assertThat(messages(read(ReadQuery.of(GROUP, 9).between(T0 + 2, T0 + 3)))).containsExactly("b");
  }

  @Test
  void aFilterSeesMessages() {
    append(STREAM, event(1, "GET /"), event(2, "POST /"), event(3, "GET /a"));

    assertThat(messages(read(ReadQuery.of(GROUP, 1).matching(it -> it.startsWith("GET")))))
        .containsExactly("GET /", "GET /a");
  }

  @Test
  void aPageIsBoundedByItsBytes() {
    var large = "x".repeat(300_000);
    for (int i = 0; i < 8; i++) {
      append(STREAM, event(i, large));
    }

    assertThat(store.read(ReadQuery.of(GROUP, 100)).events()).hasSizeBetween(1, 3);
    assertThat(all(100)).hasSize(8);
  }

  @Test
  void whatASourceSentTwiceIsStoredOnce() {
    var first = new SourceSpan(0, 100, false);
    var second = new SourceSpan(100, 150, true);
    append(STREAM, Optional.of(first), event(1, "a"));

    assertThat(append(STREAM, Optional.of(first), event(1, "a")))
        .isEqualTo(new Appended.StandsAt(new LogStream.SourceProgress(100, false)));
    assertThat(append(STREAM, Optional.of(second), event(2, "b"))).isEqualTo(new Appended.Stored());
    assertThat(append(STREAM, Optional.of(second), event(2, "b")))
        .isEqualTo(new Appended.StandsAt(new LogStream.SourceProgress(150, true)));
    assertThat(messages(all(9))).containsExactly("a", "b");
    assertThat(store.stream(STREAM).orElseThrow().source())
        .contains(new LogStream.SourceProgress(150, true));
  }

  @Test
  void aGapInASourceIsRefused() {
    append(STREAM, Optional.of(new SourceSpan(0, 100, false)), event(1, "a"));

    assertThat(append(STREAM, Optional.of(new SourceSpan(200, 300, false)), event(2, "c")))
        .isEqualTo(new Appended.StandsAt(new LogStream.SourceProgress(100, false)));
  }

  @Test
  void aBlockMaySayOnlyHowFarItsSourceWasRead() {
    store
        .append(
            STREAM, EventBlock.EMPTY, Optional.of(new SourceSpan(0, 7, true)), NOW.toEpochMilli())
        .join();

    var stream = store.stream(STREAM).orElseThrow();
    assertThat(stream.source()).contains(new LogStream.SourceProgress(7, true));
    assertThat(stream.events()).isEmpty();
    assertThat(all(9)).isEmpty();
  }

  @Test
  void aBlockThatIsNotWhatItSaysIsRefused() {
    var good = Blocks.of(List.of(event(1, "a"), event(2, "b")));
    long first = good.firstMillis();
    long last = good.lastMillis();
    int length = good.rawByteCount();
    var bad =
        List.of(
            new EventBlock(3, first, last, length, good.compressed()),
            new EventBlock(2, first, last + 1, length, good.compressed()),
            new EventBlock(2, first, last, 100, good.compressed()),
            new EventBlock(2, first, last, 8, new byte[8]));

    assertThat(bad)
        .allSatisfy(
            block ->
                assertThat(store.append(STREAM, block, Optional.empty(), 0).join())
                    .isInstanceOf(Appended.Malformed.class));
    assertThat(all(9)).isEmpty();
  }

  @Test
  void aStreamKnowsItsExtentAndItsGroupTheSum() {
    append(STREAM, event(10, "ä"), event(20, "bb"));
    append(STREAM, event(5, "c"));

    var stream = store.stream(STREAM).orElseThrow();
    assertThat(stream.events()).contains(new LogStream.Extent(T0 + 5, T0 + 20, NOW.toEpochMilli()));
    assertThat(stream.storedByteCount()).isEqualTo(5 + 3 * 26);
    assertThat(store.group(GROUP).orElseThrow().storedByteCount()).isEqualTo(5 + 3 * 26);
  }

  @Test
  void whatIsDeletedIsGoneAndItsNameIsFree() {
    append(STREAM, Optional.of(new SourceSpan(0, 9, false)), event(1, "a"));
    assertThat(store.deleteStream(STREAM)).isEqualTo(Changed.DONE);
    store.createStream(STREAM, T0);
    assertThat(all(9)).isEmpty();
    assertThat(store.stream(STREAM).orElseThrow().source()).isEmpty();

    append(STREAM, event(1, "b"));
    assertThat(store.deleteGroup(GROUP)).isEqualTo(Changed.DONE);
    assertThat(store.group(GROUP)).isEmpty();
    store.createGroup(GROUP, T0, GroupSettings.STANDARD);
    assertThat(store.streams(GROUP)).isEmpty();
    assertThat(all(9)).isEmpty();
  }

  @Test
  void whatIsOlderThanItsRetentionIsNotShown() {
    append(STREAM, event(-Duration.ofDays(3).toMillis(), "old"), event(1, "young"));

    store.changeGroup(GROUP, it -> it.withRetentionDays(OptionalInt.of(1)));
    store.expire();

    assertThat(messages(all(9))).containsExactly("young");
  }

  @Test
  void whoLooksOnSeesWhatArrivesAndNothingElse() throws InterruptedException {
    var other = new StreamId(GROUP, "other");
    store.createStream(other, T0);
    append(STREAM, event(1, "before"));
    try (var tail = store.tail(STREAM::equals)) {
      append(STREAM, event(2, "a"), event(3, "b"));
      append(other, event(2, "not wanted"));
      append(STREAM, event(4, "c"));

      var seen = new ArrayList<StoredEvent>();
      while (seen.size() < 3) {
        seen.addAll(tail.take(Duration.ofSeconds(5)));
      }
      assertThat(messages(seen)).containsExactly("a", "b", "c");
    }
  }

  @Test
  void whoDoesNotKeepUpLosesEventsAndIsTold() throws InterruptedException {
    try (var tail = store.tail(STREAM::equals)) {
      for (int i = 0; i < 11; i++) {
        append(
            STREAM, IntStream.range(0, 1_000).mapToObj(n -> event(n, "m")).toArray(Event[]::new));
      }
      append(STREAM, event(1, "last"));
      var seen = new ArrayList<StoredEvent>();
      while (seen.isEmpty() || !seen.getLast().message().equals("last")) {
        seen.addAll(tail.take(Duration.ofSeconds(5)));
      }

      assertThat(seen.size() + tail.takeDroppedCount()).isEqualTo(11_001);
      assertThat(seen).hasSizeLessThanOrEqualTo(11_001);
      assertThat(tail.takeDroppedCount()).isZero();
    }
  }

  /** Against the plainest of models: a list that is sorted. */
  @Test
  void manyEventsInAnyOrderAreAllRead() {
    long seed = Long.getLong("berth.seed", 42);
    var random = new Random(seed);
    var expected = new ArrayList<Event>();
    for (int i = 0; i < 200; i++) {
      var batch =
          random
              .ints(1 + random.nextInt(30), 0, 5_000)
              .sorted()
              .mapToObj(at -> event(at, at + "-" + random.nextInt()))
              .toArray(Event[]::new);
      append(STREAM, batch);
      expected.addAll(List.of(batch));
    }
    expected.sort(Comparator.comparingLong(Event::epochMillis));
    var messages = expected.stream().map(Event::message).toList();

    assertThat(messages(all(7))).as("seed %d", seed).isEqualTo(messages);
    var backwards = new ArrayList<StoredEvent>();
    var query = ReadQuery.of(GROUP, 11).to(Direction.FROM_NEWEST);
    EventPage page = store.read(query);
    backwards.addAll(page.events().reversed());
    while (page.beyond().isPresent()) {
      page = store.read(query.beyond(page.beyond()));
      backwards.addAll(page.events().reversed());
    }
    assertThat(messages(backwards.reversed())).as("seed %d", seed).isEqualTo(messages);
  }

  private static Event event(long millis, String message) {
    return new Event(T0 + millis, message);
  }

  private Appended append(StreamId stream, Event... events) {
    return append(stream, Optional.empty(), events);
  }

  private Appended append(StreamId stream, Optional<SourceSpan> source, Event... events) {
    return store.append(stream, Blocks.of(List.of(events)), source, NOW.toEpochMilli()).join();
  }

  private List<StoredEvent> all(int pageSize) {
    return read(ReadQuery.of(GROUP, pageSize));
  }

  private List<StoredEvent> read(ReadQuery query) {
    return readAll(store, query);
  }

  /** Every page, one after the other. */
  public static List<StoredEvent> readAll(LogStore store, ReadQuery query) {
    EventPage page = store.read(query);
    var events = new ArrayList<>(page.events());
    while (page.beyond().isPresent()) {
      page = store.read(query.beyond(page.beyond()));
      events.addAll(page.events());
    }
    return events;
  }

  private static List<String> messages(List<StoredEvent> events) {
    return events.stream().map(StoredEvent::message).toList();
  }
}
