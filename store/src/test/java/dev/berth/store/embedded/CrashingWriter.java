package dev.berth.store.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.berth.store.CommitResult;
import dev.berth.store.Entry;
import dev.berth.store.Transaction;
import dev.berth.store.Value;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;

/**
 * Commits from several threads until it is killed, and prints a line "thread counter revision"
 * after each answer.
 *
 * <p>Each transaction moves a thread's counter in two keys and in a window of steps: it adds the
 * newest step and deletes the oldest. So a transaction lost, doubled or halved shows.
 */
public final class CrashingWriter {
  static final int THREAD_COUNT = 8;
  static final int WINDOW_STEP_COUNT = 20;
  private static final int PADDING_BYTES_MAX = 8_000;

  private CrashingWriter() {}

  public static void main(String[] arguments) throws InterruptedException {
    long seed = Long.parseLong(arguments[1]);
    var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, US_ASCII);
    try (var store = EmbeddedStore.open(Path.of(arguments[0]))) {
      var threads = new Thread[THREAD_COUNT];
      for (int i = 0; i < THREAD_COUNT; i++) {
        int thread = i;
        threads[i] =
            Thread.ofVirtual().start(() -> write(store, thread, new Random(seed + thread), out));
      }
      for (var thread : threads) {
        thread.join();
      }
    }
  }

  private static void write(EmbeddedStore store, int thread, Random random, PrintStream out) {
    long counter = store.get(first(thread)).map(CrashingWriter::counter).orElse(0L);
    while (true) {
      counter++;
      var value = Value.of(counter + " " + "x".repeat(random.nextInt(PADDING_BYTES_MAX)));
      var transaction =
          Transaction.builder()
              .requireAbsent(step(thread, counter))
              .put(first(thread), value)
              .put(last(thread), value)
              .put(step(thread, counter), value)
              .delete(step(thread, counter - WINDOW_STEP_COUNT))
              .build();
      if (!(store.commit(transaction) instanceof CommitResult.Committed(long revision))) {
        throw new IllegalStateException("step " + counter + " of " + thread + " was refused");
      }
      out.println(thread + " " + counter + " " + revision);
    }
  }

  static String first(int thread) {
    return "/a/" + thread;
  }

  static String last(int thread) {
    return "/z/" + thread;
  }

  static String steps(int thread) {
    return "/steps/" + thread + "/";
  }

  static String step(int thread, long counter) {
    return steps(thread) + "%012d".formatted(Math.max(0, counter));
  }

  static long counter(Entry entry) {
    var text = entry.value().text();
    return Long.parseLong(text, 0, text.indexOf(' '), 10);
  }
}
