package dev.berth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.store.CommitResult.Committed;
import dev.berth.store.CommitResult.Conflict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every store promises of its entries and transactions. {@link WatchConformance} has the rest.
 */
@Timeout(60)
public abstract class StoreConformance {
  private static final Value ONE = Value.of("one");
  private static final Value TWO = Value.of("two");

  protected Store store;

  /** A new, empty store that replays at least that many last revisions. */
  protected abstract Store openEmpty(int historyRevisionCount) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = openEmpty(1_000);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  public void anEmptyStoreHasNothing() {
    assertThat(store.get("/a")).isEmpty();
    assertThat(store.range("").entries()).isEmpty();
  }

  @Test
  public void whatWasPutIsRead() {
    long revision = put("/a", ONE);
    assertThat(store.get("/a")).contains(new Entry("/a", ONE, revision));
  }

  @Test
  public void anEmptyValueIsAValue() {
    long revision = put("/a", Value.of(""));
    assertThat(store.get("/a")).contains(new Entry("/a", Value.of(""), revision));
  }

  @Test
  public void aVersionIsTheRevisionOfTheLastChange() {
    long first = put("/a", ONE);
    long second = put("/b", ONE);
    long third = put("/a", ONE);
    assertThat(first).isLessThan(second);
    assertThat(second).isLessThan(third);
    assertThat(versionOf("/a")).isEqualTo(third);
    assertThat(versionOf("/b")).isEqualTo(second);
  }

  @Test
  public void aDeletedKeyIsAbsentAndStartsAnew() {
    put("/a", ONE);
    committed(Transaction.builder().delete("/a").build());
    assertThat(store.get("/a")).isEmpty();
    long revision = committed(Transaction.builder().requireAbsent("/a").put("/a", TWO).build());
    assertThat(store.get("/a")).contains(new Entry("/a", TWO, revision));
  }

  @Test
  public void aTransactionIsAppliedWhole() {
    long before = put("/gone", ONE);
    long revision =
        committed(
            Transaction.builder()
                .requireVersion("/gone", before)
                .put("/a", ONE)
                .delete("/gone")
                .put("/b", TWO)
                .build());
    assertThat(store.range(""))
        .isEqualTo(
            new Snapshot(
                revision, List.of(new Entry("/a", ONE, revision), new Entry("/b", TWO, revision))));
  }

  @Test
  public void aConflictNamesTheKeysThatDifferAndChangesNothing() {
    long a = put("/a", ONE);
    long b = put("/b", ONE);
    var before = store.range("");
    var result =
        store.commit(
            Transaction.builder()
                .requireVersion("/b", b - 1)
                .requireVersion("/a", a)
                .requireVersion("/absent", b)
                .requireAbsent("/free")
                .put("/a", TWO)
                .delete("/b")
                .build());
    assertThat(result).isEqualTo(new Conflict(List.of("/b", "/absent")));
    assertThat(store.range("")).isEqualTo(before);
  }

  @Test
  public void aKeyThatMustBeAbsentConflictsWhenItIsThere() {
    put("/a", ONE);
    assertThat(store.commit(Transaction.builder().requireAbsent("/a").put("/a", TWO).build()))
        .isEqualTo(new Conflict(List.of("/a")));
  }

  @Test
  public void aPrefixIsFreeUntilAKeyBeginsWithIt() {
    put("/clusters", ONE);
    put("/clusters0", ONE);
    var transaction =
        Transaction.builder().requirePrefixFree("/clusters/").put("/clusters/b", ONE).build();
    committed(transaction);
    assertThat(store.commit(transaction)).isEqualTo(new Conflict(List.of("/clusters/b")));
    put("/clusters/a", ONE);
    assertThat(store.commit(transaction)).isEqualTo(new Conflict(List.of("/clusters/a")));
    committed(Transaction.builder().delete("/clusters/a").delete("/clusters/b").build());
    committed(transaction);
  }

  @Test
  public void theWholeStoreCanBeRequiredToBeEmpty() {
    var transaction = Transaction.builder().requirePrefixFree("").put("/a", ONE).build();
    committed(transaction);
    assertThat(store.commit(transaction)).isEqualTo(new Conflict(List.of("/a")));
  }

  @Test
  public void anEmptyTransactionMakesNoRevision() {
    long revision = put("/a", ONE);
    assertThat(committed(Transaction.builder().build())).isEqualTo(revision);
    assertThat(committed(Transaction.builder().requireVersion("/a", revision).build()))
        .isEqualTo(revision);
    assertThat(store.range("").revision()).isEqualTo(revision);
  }

  @Test
  public void deletingAnAbsentKeyMakesNoRevision() {
    long revision = put("/a", ONE);
    assertThat(committed(Transaction.builder().delete("/b").build())).isEqualTo(revision);
  }

  @Test
  public void aKeyTwiceInOneTransactionIsRefused() {
    assertThatThrownBy(() -> Transaction.builder().put("/a", ONE).delete("/a").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("writes /a twice");
    assertThatThrownBy(
            () -> Transaction.builder().requireAbsent("/a").requireVersion("/a", 1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("requires /a twice");
  }

  @Test
  public void aTransactionBeyondTheBoundsIsRefused() {
    var many = Transaction.builder();
    IntStream.rangeClosed(0, Transaction.OPERATION_COUNT_MAX).forEach(i -> many.delete("/" + i));
    assertThatThrownBy(many::build).isInstanceOf(IllegalArgumentException.class);
    var large =
        Transaction.builder().put("/a", Value.of(new byte[Transaction.WRITE_BYTES_MAX - 1]));
    assertThatThrownBy(large::build).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  public void theLargestTransactionIsStored() {
    var bytes = new byte[Transaction.WRITE_BYTES_MAX - 2];
    bytes[bytes.length - 1] = 7;
    put("/a", Value.of(bytes));
    assertThat(store.get("/a").orElseThrow().value()).isEqualTo(Value.of(bytes));

    var many = Transaction.builder();
    IntStream.range(0, Transaction.OPERATION_COUNT_MAX).forEach(i -> many.put("/many/" + i, ONE));
    committed(many.build());
    assertThat(store.range("/many/").entries()).hasSize(Transaction.OPERATION_COUNT_MAX);
  }

  @Test
  public void invalidKeysAreRefused() {
    for (var key : List.of("", "\ud800", "/a\udc00", "x".repeat(Keys.KEY_BYTES_MAX + 1))) {
      assertThatThrownBy(() -> store.get(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Transaction.builder().put(key, ONE))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  public void keysAreOrderedByTheirBytes() {
    // U+10FFFF has the largest bytes; its UTF-16 form sorts below U+FFFF's.
    var ordered =
        List.of(
            "\u0000",
            "/",
            "/a",
            "/a\u0000",
            "/a/",
            "/a0",
            "/b",
            "\u007f",
            "\u00ff",
            "\uffff",
            "\udbff\udfff");
    for (var key : ordered.reversed()) {
      put(key, ONE);
    }
    assertThat(keys("")).containsExactlyElementsOf(ordered);
  }

  @Test
  public void aPrefixSelectsJustTheKeysThatBeginWithIt() {
    for (var key :
        List.of(
            "/a",
            "/a/",
            "/a/1",
            "/a0",
            "/b",
            "\u007f1",
            "\u0080",
            "\udbff\udfff",
            "\udbff\udfffz")) {
      put(key, ONE);
    }
    assertThat(keys("/a/")).containsExactly("/a/", "/a/1");
    assertThat(keys("/a")).containsExactly("/a", "/a/", "/a/1", "/a0");
    assertThat(keys("/c")).isEmpty();
    assertThat(keys("\u007f")).containsExactly("\u007f1");
    assertThat(keys("\udbff\udfff")).containsExactly("\udbff\udfff", "\udbff\udfffz");
  }

  @Test
  public void aScanReadsAHundredThousandEntriesAndMayReadTheStore() {
    int count = 100_000;
    for (int start = 0; start < count; start += 100) {
      var transaction = Transaction.builder();
      for (int i = start; i < start + 100; i++) {
        transaction.put("/n/%06d".formatted(i), Value.of(Integer.toString(i)));
      }
      committed(transaction.build());
    }
    var seen = new ArrayList<String>();
    store.scan(
        "/n/",
        entry -> {
          if (seen.size() % 10_000 == 0) {
            assertThat(store.get(entry.key())).contains(entry);
          }
          seen.add(entry.key());
        });
    assertThat(seen).hasSize(count).isSorted();
  }

  @Test
  public void concurrentIncrementsAreNeitherLostNorDoubled() throws Exception {
    int threads = 16;
    int increments = 50;
    put("/counter", Value.of("0"));
    inParallel(
        IntStream.range(0, threads)
            .<Callable<Object>>mapToObj(
                _ ->
                    () -> {
                      for (int i = 0; i < increments; i++) {
                        increment("/counter");
                      }
                      return threads;
                    })
            .toList());
    assertThat(store.get("/counter").orElseThrow().value().text())
        .isEqualTo(Integer.toString(threads * increments));
  }

  @Test
  public void ofManyClaimsOfOneKeyOneWins() throws Exception {
    var results =
        inParallel(
            IntStream.range(0, 64)
                .<Callable<CommitResult>>mapToObj(
                    i ->
                        () ->
                            store.commit(
                                Transaction.builder()
                                    .requireAbsent("/leader")
                                    .put("/leader", Value.of("" + i))
                                    .build()))
                .toList());
    assertThat(results.stream().filter(Committed.class::isInstance)).hasSize(1);
    assertThat(results.stream().filter(new Conflict(List.of("/leader"))::equals)).hasSize(63);
  }

  @Test
  public void aSnapshotNeverShowsHalfATransaction() throws Exception {
    var done = new AtomicBoolean();
    Callable<Object> writer =
        () -> {
          try {
            for (int i = 0; i < 300; i++) {
              var value = Value.of(Integer.toString(i));
              committed(Transaction.builder().put("/pair/a", value).put("/pair/z", value).build());
            }
          } finally {
            done.set(true);
          }
          return done;
        };
    Callable<Object> reader =
        () -> {
          while (!done.get()) {
            var snapshot = store.range("/pair/");
            if (!snapshot.entries().isEmpty()) {
              var first = snapshot.entries().getFirst();
              var last = snapshot.entries().getLast();
              assertThat(last).isEqualTo(new Entry("/pair/z", first.value(), first.version()));
              assertThat(snapshot.revision()).isEqualTo(first.version());
            }
          }
          return done;
        };
    inParallel(List.of(writer, reader));
  }

  @Test
  public void everyRevisionIsGivenOnce() throws Exception {
    Map<Long, String> keys = new HashMap<>();
    var tasks = new ArrayList<Callable<Long>>();
    for (int i = 0; i < 200; i++) {
      var key = "/k/" + i;
      tasks.add(() -> put(key, ONE));
    }
    var revisions = inParallel(tasks);
    for (int i = 0; i < revisions.size(); i++) {
      assertThat(keys.put(revisions.get(i), "/k/" + i)).isNull();
      assertThat(versionOf("/k/" + i)).isEqualTo(revisions.get(i));
    }
  }

  @Test
  public void aClosedStoreRefusesEverything() {
    store.close();
    store.close();
    assertThatThrownBy(() -> store.get("/a")).isInstanceOf(StoreException.Closed.class);
    assertThatThrownBy(() -> store.range("/a")).isInstanceOf(StoreException.Closed.class);
    assertThatThrownBy(() -> put("/a", ONE)).isInstanceOf(StoreException.Closed.class);
    assertThatThrownBy(() -> store.watch("/a", 1)).isInstanceOf(StoreException.Closed.class);
  }

  private void increment(String key) {
    while (true) {
      var entry = store.get(key).orElseThrow();
      int next = Integer.parseInt(entry.value().text()) + 1;
      var transaction =
          Transaction.builder()
              .requireVersion(key, entry.version())
              .put(key, Value.of(Integer.toString(next)))
              .build();
      if (store.commit(transaction) instanceof Committed) {
        return;
      }
    }
  }

  private long put(String key, Value value) {
    return committed(Transaction.builder().put(key, value).build());
  }

  private long committed(Transaction transaction) {
    var result = store.commit(transaction);
    assertThat(result).isInstanceOf(Committed.class);
    return ((Committed) result).revision();
  }

  private long versionOf(String key) {
    return store.get(key).orElseThrow().version();
  }

  private List<String> keys(String prefix) {
    return store.range(prefix).entries().stream().map(Entry::key).toList();
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<T>();
      for (var future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
