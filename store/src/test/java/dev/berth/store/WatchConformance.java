package dev.berth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.store.CommitResult.Committed;
import dev.berth.store.WatchEvent.Changed;
import dev.berth.store.WatchEvent.Closed;
import dev.berth.store.WatchEvent.Compacted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store promises of its watches. */
@Timeout(60)
public abstract class WatchConformance {
  private static final int HISTORY_REVISION_COUNT = 64;

  protected Store store;

  /**
   * A new, empty store that replays at least that many last revisions, and not ten times as many.
   */
  protected abstract Store openEmpty(int historyRevisionCount) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = openEmpty(HISTORY_REVISION_COUNT);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  public void aWatchReplaysThenFollows() throws Exception {
    long first = put("/a", "1");
    long second = put("/b", "2");
    try (var watch = store.watch("/", first)) {
      assertThat(watch.next()).isEqualTo(change(first, "/a", "1"));
      assertThat(watch.next()).isEqualTo(change(second, "/b", "2"));
      assertThat(watch.poll()).isEmpty();
      long third = put("/a", "3");
      assertThat(watch.next()).isEqualTo(change(third, "/a", "3"));
    }
  }

  @Test
  public void aWatchFromTheNextRevisionOfASnapshotMissesNothing() throws Exception {
    put("/a", "1");
    var snapshot = store.range("/");
    try (var watch = store.watch("/", snapshot.revision() + 1)) {
      assertThat(watch.poll()).isEmpty();
      long next = put("/a", "2");
      assertThat(watch.next()).isEqualTo(change(next, "/a", "2"));
    }
  }

  @Test
  public void aWatchFromTheFutureStartsThere() throws Exception {
    long first = put("/a", "1");
    try (var watch = store.watch("/", first + 2)) {
      put("/a", "2");
      assertThat(watch.poll()).isEmpty();
      long third = put("/a", "3");
      assertThat(watch.next()).isEqualTo(change(third, "/a", "3"));
    }
  }

  @Test
  public void aWatchBeforeTheFirstRevisionIsRefused() {
    assertThatThrownBy(() -> store.watch("/", 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  public void aWatchShowsATransactionAsOneAndOnlyWhatIsBelowItsPrefix() throws Exception {
    long first = put("/tasks/gone", "1");
    long second =
        committed(
            Transaction.builder()
                .put("/tasks/a", Value.of("a"))
                .put("/hosts/a", Value.of("a"))
                .delete("/tasks/gone")
                .delete("/tasks/never")
                .build());
    put("/hosts/b", "b");
    long fourth = put("/tasks/a", "b");
    try (var watch = store.watch("/tasks/", first + 1)) {
      assertThat(watch.next())
          .isEqualTo(
              new Changed(
                  second,
                  List.of(
                      new Write.Put("/tasks/a", Value.of("a")), new Write.Delete("/tasks/gone"))));
      assertThat(watch.next()).isEqualTo(change(fourth, "/tasks/a", "b"));
      assertThat(watch.poll()).isEmpty();
    }
  }

  @Test
  public void aRefusedTransactionIsNotShown() {
    long first = put("/a", "1");
    store.commit(Transaction.builder().requireAbsent("/a").put("/a", Value.of("2")).build());
    store.commit(Transaction.builder().delete("/b").build());
    try (var watch = store.watch("", first + 1)) {
      assertThat(watch.poll()).isEmpty();
    }
  }

  @Test
  public void replayingAllMakesTheSameStateAsReading() throws Exception {
    long first = put("/k/0", "0");
    for (int i = 1; i < HISTORY_REVISION_COUNT; i++) {
      if (i % 3 == 0) {
        committed(Transaction.builder().delete("/k/" + i % 7).put("/x", Value.of("" + i)).build());
      } else {
        put("/k/" + i % 7, "" + i);
      }
    }
    var snapshot = store.range("");
    try (var watch = store.watch("", first)) {
      var replayed = new HashMap<String, Entry>();
      long revision = 0;
      while (revision < snapshot.revision()) {
        var changed = (Changed) watch.next();
        assertThat(changed.revision()).isGreaterThan(revision);
        revision = changed.revision();
        apply(changed, replayed);
      }
      assertThat(replayed.values()).containsExactlyInAnyOrderElementsOf(snapshot.entries());
    }
  }

  @Test
  public void readersOfAChangingStoreSeeEveryRevisionOnceAndInOrder() throws Exception {
    store.close();
    store = openEmpty(10_000);
    int writers = 8;
    int commits = 100;
    int total = writers * commits;
    long from = store.range("").revision() + 1;
    var tasks = new ArrayList<Callable<List<Long>>>();
    for (int r = 0; r < 3; r++) {
      tasks.add(() -> revisions(from, total));
    }
    for (int w = 0; w < writers; w++) {
      var key = "/w/" + w;
      tasks.add(
          () -> {
            var mine = new ArrayList<Long>();
            for (int i = 0; i < commits; i++) {
              mine.add(put(key, "" + i));
            }
            return mine;
          });
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = executor.invokeAll(tasks);
      var committed = new ArrayList<Long>();
      for (var future : futures.subList(3, futures.size())) {
        committed.addAll(future.get());
      }
      committed.sort(null);
      for (var future : futures.subList(0, 3)) {
        assertThat(future.get()).isEqualTo(committed);
      }
    }
  }

  private List<Long> revisions(long from, int count) throws InterruptedException {
    var seen = new ArrayList<Long>();
    try (var watch = store.watch("/w/", from)) {
      while (seen.size() < count) {
        var changed = (Changed) watch.next();
        assertThat(changed.writes()).hasSize(1);
        seen.add(changed.revision());
      }
    }
    return seen;
  }

  @Test
  public void aWatchOfForgottenRevisionsSaysSoAndTheReaderListsAgain() throws Exception {
    long first = put("/a", "0");
    fillHistory();
    try (var watch = store.watch("/a", first)) {
      var compacted = (Compacted) watch.next();
      assertThat(compacted.oldestRevision()).isGreaterThan(first);
      assertThat(watch.poll()).contains(compacted);
      assertThat(watch.next()).isEqualTo(compacted);

      try (var rest = store.watch("", compacted.oldestRevision())) {
        assertThat(((Changed) rest.next()).revision()).isEqualTo(compacted.oldestRevision());
      }
    }
    var snapshot = store.range("/a");
    assertThat(snapshot.entries()).hasSize(1);
    try (var watch = store.watch("/a", snapshot.revision() + 1)) {
      long next = put("/a", "1");
      assertThat(watch.next()).isEqualTo(change(next, "/a", "1"));
    }
  }

  @Test
  public void theLastRevisionsAreKept() throws Exception {
    put("/a", "0");
    fillHistory();
    long newest = store.range("").revision();
    try (var watch = store.watch("", newest - HISTORY_REVISION_COUNT + 1)) {
      for (long r = newest - HISTORY_REVISION_COUNT + 1; r <= newest; r++) {
        assertThat(((Changed) watch.next()).revision()).isEqualTo(r);
      }
    }
  }

  @Test
  public void aSlowReaderHoldsUpNoWriterAndIsToldThatItMissedChanges() throws Exception {
    long first = put("/a", "0");
    try (var watch = store.watch("/", first)) {
      assertThat(watch.next()).isEqualTo(change(first, "/a", "0"));
      fillHistory();
      assertThat(watch.next()).isInstanceOf(Compacted.class);
    }
  }

  @Test
  public void closingAWatchWakesItsReader() throws Exception {
    var watch = store.watch("/", 1);
    assertThat(nextWhile(watch, watch::close)).isEqualTo(new Closed());
    assertThat(watch.poll()).contains(new Closed());
  }

  @Test
  public void closingTheStoreWakesReaders() throws Exception {
    long first = put("/a", "0");
    var unread = store.watch("/", first);
    var watch = store.watch("/", first + 1);
    assertThat(nextWhile(watch, store::close)).isEqualTo(new Closed());
    assertThat(unread.next()).isEqualTo(new Closed());
  }

  /** What a reader gets that is waiting when the action is done. */
  private static WatchEvent nextWhile(Watch watch, Runnable action) throws Exception {
    var next = new CompletableFuture<WatchEvent>();
    var reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    next.complete(watch.next());
                  } catch (InterruptedException e) {
                    next.completeExceptionally(e);
                  }
                });
    while (reader.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    action.run();
    return next.get();
  }

  private void fillHistory() {
    for (int i = 0; i < 10 * HISTORY_REVISION_COUNT; i++) {
      put("/fill", "" + i);
    }
  }

  private static void apply(Changed changed, Map<String, Entry> state) {
    for (var write : changed.writes()) {
      switch (write) {
        case Write.Put(var key, var value) ->
            state.put(key, new Entry(key, value, changed.revision()));
        case Write.Delete(var key) -> assertThat(state.remove(key)).isNotNull();
      }
    }
  }

  private static Changed change(long revision, String key, String value) {
    return new Changed(revision, List.of(new Write.Put(key, Value.of(value))));
  }

  private long put(String key, String value) {
    return committed(Transaction.builder().put(key, Value.of(value)).build());
  }

  private long committed(Transaction transaction) {
    var result = store.commit(transaction);
    assertThat(result).isInstanceOf(Committed.class);
    return ((Committed) result).revision();
  }
}
