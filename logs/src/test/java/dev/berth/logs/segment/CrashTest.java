package dev.berth.logs.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.logs.LogStore;
import dev.berth.logs.LogStoreConformance;
import dev.berth.logs.LogStream;
import dev.berth.logs.ReadQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a writing process at random moments, also while it seals. */
@Timeout(180)
class CrashTest {
  private static final int KILL_COUNT = 4;
  private static final int RUN_MILLIS_MAX = 1_500;

  @TempDir private Path directory;

  private final long[] acknowledged = new long[CrashingWriter.STREAM_COUNT];

  @Test
  void killedAtAnyMomentItLosesNothingAcknowledgedAndStoresNothingTwice() throws Exception {
    long seed = Long.getLong("berth.seed", System.nanoTime());
    System.out.println("CrashTest: -Dberth.seed=" + seed);
    var random = new Random(seed);
    for (int kill = 0; kill < KILL_COUNT; kill++) {
      writeUntilKilled(random);
      try (var store = SegmentLogStore.open(directory, InstantSource.system())) {
        for (int stream = 0; stream < CrashingWriter.STREAM_COUNT; stream++) {
          check(store, stream, seed);
        }
      }
    }
    assertThat(Arrays.stream(acknowledged).max().orElseThrow()).isGreaterThan(KILL_COUNT);
  }

  private void check(LogStore store, int number, long seed) {
    var stream = CrashingWriter.stream(number);
    if (store.stream(stream).isEmpty()) {
      assertThat(acknowledged[number]).as("seed %d", seed).isZero();
      return;
    }
    var events =
        LogStoreConformance.readAll(
            store, ReadQuery.of(CrashingWriter.GROUP, 10_000).of(stream.name()::equals));
    var source = store.stream(stream).orElseThrow().source();
    assertThat((long) events.size())
        .as("seed %d: stream %d", seed, number)
        .isGreaterThanOrEqualTo(acknowledged[number])
        .isEqualTo(source.map(LogStream.SourceProgress::offset).orElse(0L));
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).message()).as("seed %d", seed).startsWith(i + " ");
      assertThat(events.get(i).position().sequence()).isEqualTo(i);
    }
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
    if (!line.matches("[0-9] [0-9]+")) {
      return; // Cut short by the kill, or not ours.
    }
    int stream = Integer.parseInt(line.substring(0, 1));
    // A number that was cut short is smaller than the one before.
    acknowledged[stream] = Math.max(acknowledged[stream], Long.parseLong(line.substring(2)));
  }
}
