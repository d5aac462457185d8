package dev.berth.logs.segment;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.berth.logs.Appended;
import dev.berth.logs.Blocks;
import dev.berth.logs.Blocks.Event;
import dev.berth.logs.GroupId;
import dev.berth.logs.GroupSettings;
import dev.berth.logs.LogStore;
import dev.berth.logs.LogStream;
import dev.berth.logs.SourceSpan;
import dev.berth.logs.StreamId;
import dev.berth.model.identity.AccountId;
import dev.berth.model.identity.Realm;
import dev.berth.model.identity.Region;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;

/**
 * Appends to several streams until it is killed, each event with the number that follows the one
 * before, and prints a line "stream next" after each answer. Each life goes on where the store
 * stands, and sends some blocks twice.
 */
public final class CrashingWriter {
  static final int STREAM_COUNT = 6;
  static final GroupId GROUP =
      new GroupId(new Realm(new AccountId("123456789012"), new Region("lab-9")), "crash");

  /** Enough to fill a journal in a life or two. */
  private static final int PADDING_BYTES_MAX = 60_000;

  private static final int BATCH_COUNT_MAX = 20;

  private CrashingWriter() {}

  public static void main(String[] arguments) throws InterruptedException {
    long seed = Long.parseLong(arguments[1]);
    var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, US_ASCII);
    try (var store = SegmentLogStore.open(Path.of(arguments[0]), InstantSource.system())) {
      store.createGroup(GROUP, 0, GroupSettings.STANDARD);
      var threads = new Thread[STREAM_COUNT];
      for (int i = 0; i < STREAM_COUNT; i++) {
        int stream = i;
        threads[i] =
            Thread.ofVirtual().start(() -> write(store, stream, new Random(seed + stream), out));
      }
      for (var thread : threads) {
        thread.join();
      }
    }
  }

  static StreamId stream(int number) {
    return new StreamId(GROUP, "stream-" + number);
  }

  private static void write(LogStore store, int number, Random random, PrintStream out) {
    var stream = stream(number);
    store.createStream(stream, 0);
    var known = store.stream(stream).orElseThrow().source();
    long next = known.map(LogStream.SourceProgress::offset).orElse(0L);
    while (true) {
      var events = new ArrayList<Event>();
      long end = next + 1 + random.nextInt(BATCH_COUNT_MAX);
      for (long i = next; i < end; i++) {
        events.add(new Event(i, i + " " + padding(random)));
      }
      var block = Blocks.of(events);
      var span = Optional.of(new SourceSpan(next, end, false));
      var first = store.append(stream, block, span, 0);
      if (random.nextInt(4) == 0
          && !(store.append(stream, block, span, 0).join() instanceof Appended.StandsAt)) {
        throw new IllegalStateException("stored twice");
      }
      if (!(first.join() instanceof Appended.Stored)) {
        throw new IllegalStateException("not stored");
      }
      next = end;
      out.println(number + " " + next);
    }
  }

  /** Of what does not compress. */
  private static String padding(Random random) {
    byte[] bytes = new byte[random.nextInt(PADDING_BYTES_MAX)];
    random.nextBytes(bytes);
    return new String(bytes, ISO_8859_1);
  }
}
