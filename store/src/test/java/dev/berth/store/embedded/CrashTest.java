package dev.berth.store.embedded;

import static dev.berth.store.embedded.CrashingWriter.THREAD_COUNT;
import static dev.berth.store.embedded.CrashingWriter.WINDOW_STEP_COUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.store.Entry;
import dev.berth.store.Store;
import dev.berth.store.WatchEvent.Changed;
import dev.berth.store.WatchEvent.Compacted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a writing process at random moments. A killed process loses nothing the kernel has, so this
 * shows that commits are atomic and in order; that a torn log is survived is for {@link
 * ReopenTest}.
 */
@Timeout(120)
class CrashTest {
  private static final int KILL_COUNT = 6;
  private static final int RUN_MILLIS_MAX = 400;

  @TempDir Path directory;

  /**
   * The newest revision acknowledged over all lives, and the counter and revision acknowledged last
   * to each thread.
   */
  private long newestAcknowledged;

  private final long[] counters = new long[THREAD_COUNT];
  private final long[] revisions = new long[THREAD_COUNT];

  @Test
  void killedAtAnyMomentTheStoreKeepsWhatItAcknowledged() throws Exception {
    long seed = Long.getLong("berth.seed", System.nanoTime());
    System.out.println("CrashTest: -Dberth.seed=" + seed);
    var random = new Random(seed);
    for (int kill = 0; kill < KILL_COUNT; kill++) {
      writeUntilKilled(random);
      try (var store = EmbeddedStore.open(directory)) {
        long newest = store.range("/none").revision();
        assertThat(newest)
            .as("seed %d: newest revision", seed)
            .isGreaterThanOrEqualTo(newestAcknowledged);
        for (int thread = 0; thread < THREAD_COUNT; thread++) {
          checkThread(store, thread, seed);
        }
        checkHistory(store, newest);
      }
    }
    assertThat(newestAcknowledged).isGreaterThan(KILL_COUNT);
  }

  private void writeUntilKilled(Random random) throws IOException, InterruptedException {
    var child =
        ChildJvm.start(
            CrashingWriter.class, directory.toString(), Long.toString(random.nextLong()));
    try (var lines = child.inputReader()) {
      var line = lines.readLine();
      assertThat(line).as("the first acknowledgement").isNotNull();
      var killer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Thread.sleep(random.nextInt(RUN_MILLIS_MAX));
                    } catch (InterruptedException _) {
                      Thread.currentThread().interrupt();
                    }
                    // Not by Process: that would close the stream with acknowledgements unread.
                    child.toHandle().destroyForcibly();
                  });
      for (; line != null; line = lines.readLine()) {
        acknowledge(line);
      }
      killer.join();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private void acknowledge(String line) {
    var words = line.split(" ", -1);
    if (words.length < 3 || words[2].isEmpty()) {
      return; // Cut short by the kill.
    }
    int thread = Integer.parseInt(words[0]);
    long counter = Long.parseLong(words[1]);
    long revision = Long.parseLong(words[2]);
    assertThat(counter).isGreaterThan(counters[thread]);
    assertThat(revision).isGreaterThan(revisions[thread]);
    counters[thread] = counter;
    revisions[thread] = revision;
    newestAcknowledged = Math.max(newestAcknowledged, revision);
  }

  private void checkThread(Store store, int thread, long seed) {
    if (counters[thread] == 0) {
      return;
    }
    var first = store.get(CrashingWriter.first(thread)).orElseThrow();
    long counter = CrashingWriter.counter(first);
    assertThat(counter)
        .as("seed %d: counter of %d", seed, thread)
        .isGreaterThanOrEqualTo(counters[thread]);
    assertThat(first.version()).isGreaterThanOrEqualTo(revisions[thread]);
    assertThat(store.get(CrashingWriter.last(thread)))
        .contains(new Entry(CrashingWriter.last(thread), first.value(), first.version()));
    assertThat(store.range(CrashingWriter.steps(thread)).entries())
        .as("seed %d: steps of %d", seed, thread)
        .extracting(Entry::key)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(Math.max(1, counter - WINDOW_STEP_COUNT + 1), counter)
                .mapToObj(step -> CrashingWriter.step(thread, step))
                .toList());
    // An acknowledged revision that is still the newest of its step is the version given.
    store
        .get(CrashingWriter.step(thread, counters[thread]))
        .ifPresent(step -> assertThat(step.version()).isEqualTo(revisions[thread]));
  }

  private static void checkHistory(Store store, long newest) {
    long revision = 1;
    if (firstEvent(store) instanceof Compacted(long oldest)) {
      revision = oldest;
    }
    try (var watch = store.watch("", revision)) {
      for (; revision <= newest; revision++) {
        assertThat(watch.poll().orElseThrow())
            .isInstanceOf(Changed.class)
            .extracting("revision")
            .isEqualTo(revision);
      }
      assertThat(watch.poll()).isEmpty();
    }
  }

  private static Object firstEvent(Store store) {
    try (var watch = store.watch("", 1)) {
      return watch.poll().orElseThrow();
    }
  }
}
