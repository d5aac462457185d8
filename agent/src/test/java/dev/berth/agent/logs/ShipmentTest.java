package dev.berth.agent.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.runtime.OutputBrake;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.identity.Region;
import dev.berth.model.log.EventReader;
import dev.berth.model.task.LogConfiguration;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container's output on a real disk, while control is there and while it is away. */
@Timeout(60)
final class ShipmentTest {
  private static final ContainerKey KEY =
      new ContainerKey(new TaskId("0123456789abcdef0123456789abcdef"), "main");
  private static final long BACKLOG = 1L << 20;
  private static final long SENT_MAX = 2L << 20;

  private final AtomicBoolean over = new AtomicBoolean();
  private final Stream stream = new Stream();
  private final List<String> braked = new ArrayList<>();
  private Path folder = Path.of("");
  private Path output = Path.of("");
  private Thread thread = new Thread();
  private Optional<Shipment> shipment = Optional.empty();
  private int written;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("berth-test-");
    output = folder.resolve("main");
  }

  @AfterEach
  void removeFolder() throws Exception {
    kill();
    for (Path file : List.of(ShippedMark.file(output), output, folder)) {
      Files.deleteIfExists(file);
    }
  }

  @Test
  void whileControlIsAwayTheDiskIsBoundedAndTheNewestLinesAreKept() throws Exception {
    ship(false);
    for (int i = 0; i < 40; i++) {
      write(5_000);
      awaitGivenUp();
    }
    assertThat(Files.size(output)).isGreaterThan(10 * BACKLOG);
    assertThat(roomOf(output)).isLessThan(BACKLOG + SENT_MAX);

    connect();
    over.set(true);
    thread.join();

    assertThat(stream.lines.getLast()).isEqualTo(line(written - 1));
    assertThat(stream.lines).hasSizeBetween(1_000, 100_000).doesNotHaveDuplicates();
    assertThat(stream.lines).isEqualTo(lines(written - stream.lines.size(), written));
    assertThat(ShippedMark.read(output).orElseThrow().complete()).isTrue();
  }

  @Test
  void aKilledAgentKnowsWhatItGaveUpAndSendsNothingTwice() throws Exception {
    connect();
    ship(false);
    write(1_000);
    stream.await(1_000);
    disconnect();
    for (int i = 0; i < 10; i++) {
      write(5_000);
      awaitGivenUp();
    }
    kill();
    ship(false);
    write(1_000);
    awaitGivenUp();

    connect();
    over.set(true);
    thread.join();

    assertThat(stream.lines.subList(0, 1_000)).isEqualTo(lines(0, 1_000));
    int kept = stream.lines.size() - 1_000;
    assertThat(kept).isGreaterThan(1_000);
    assertThat(stream.lines.subList(1_000, stream.lines.size()))
        .isEqualTo(lines(written - kept, written));
  }

  @Test
  void anAgentThatWasAloneFromTheFirstLineOnIsNoDifferent() throws Exception {
    ship(false);
    write(60_000);
    awaitGivenUp();
    kill();
    over.set(true);
    connect();
    ship(false);
    thread.join();

    assertThat(stream.lines.getFirst()).isNotEqualTo(line(0));
    assertThat(stream.lines).isEqualTo(lines(written - stream.lines.size(), written));
  }

  @Test
  void blockingLosesNothing() throws Exception {
    ship(true);
    for (int i = 0; i < 10; i++) {
      write(5_000);
      Thread.sleep(100);
    }
    connect();
    over.set(true);
    thread.join();

    assertThat(stream.lines).isEqualTo(lines(0, written));
  }

  @Test
  void lostLinesAreCountedByTheirEnds() throws Exception {
    Files.writeString(
        output,
        entry("F", "one") + entry("P", "two begins, ") + entry("F", "two ends") + entry("F", "3"));
    try (var file = FileChannel.open(output)) {
      var lines = new OutputLines(file);
      assertThat(lines.count(0, file.size())).isEqualTo(3);
      assertThat(lines.startBehind(1, file.size())).isEqualTo(entry("F", "one").length());
      assertThat(lines.startBehind(file.size() - 1, file.size())).isEqualTo(file.size());
      assertThat(lines.startBehind(file.size(), file.size())).isNegative();
    }
  }

  private void ship(boolean blocking) throws IOException {
    var configuration =
        new LogConfiguration(
            "g", new Region("eu-west-1"), "p", false, Optional.empty(), blocking, BACKLOG);
    var brake =
        new OutputBrake() {
          @Override
          public void hold(ContainerKey key) {
            braked.add("hold");
          }

          @Override
          public void release(ContainerKey key) {
            braked.add("release");
          }
        };
    var mark = ShippedMark.read(output).orElse(ShippedMark.START);
    var made = new Shipment(KEY, configuration, output, mark, brake, over::get);
    shipment = Optional.of(made);
    if (stream.connected) {
      made.connected(stream::receive);
    }
    thread = Thread.ofVirtual().start(() -> run(made));
  }

  private static void run(Shipment shipment) {
    try {
      shipment.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The agent's end: nothing that it had in memory is left. */
  private void kill() throws InterruptedException {
    shipment.ifPresent(Shipment::close);
    thread.join();
    shipment = Optional.empty();
  }

  private void connect() {
    stream.connected = true;
    shipment.ifPresent(each -> each.connected(stream::receive));
  }

  private void disconnect() {
    stream.connected = false;
    shipment.ifPresent(Shipment::disconnected);
  }

  private void write(int lineCount) throws IOException {
    var text = new StringBuilder();
    for (int i = 0; i < lineCount; i++) {
      text.append(entry("F", line(written++)));
    }
    Files.writeString(output, text, CREATE, APPEND);
  }

  private static String entry(String tag, String text) {
    return "2026-01-02T03:04:05.678901234+00:00 stdout " + tag + " " + text + "\n";
  }

  private static String line(int number) {
    return "line " + number;
  }

  private static List<String> lines(int from, int until) {
    return IntStream.range(from, until).mapToObj(ShipmentTest::line).toList();
  }

  /**
   * Until no more waits than may: from then on nothing is given up, and control, once it is there,
   * gets all that is left without a gap in it.
   */
  private void awaitGivenUp() throws Exception {
    while (Files.size(output) - givenUpOffset() > BACKLOG || roomOf(output) > BACKLOG + SENT_MAX) {
      Thread.sleep(10);
    }
  }

  private long givenUpOffset() throws IOException {
    return ShippedMark.read(output).map(mark -> mark.gap().until()).orElse(0L);
  }

  /** What the file takes on the disk. */
  private static long roomOf(Path file) throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip()) * 512;
  }

  /** The log stream as control keeps it: a batch is stored where the one before it ended. */
  private final class Stream {
    private final List<String> lines = new ArrayList<>();
    private volatile boolean connected;
    private long offset;

    synchronized void receive(ToControl message) {
      if (!connected || !(message instanceof ToControl.LogBatch batch)) {
        return;
      }
      if (batch.after() == offset) {
        offset = batch.end();
        byte[] raw = new byte[batch.events().rawByteCount()];
        byte[] compressed = batch.events().compressed();
        long length =
            raw.length == 0
                ? 0
                : Zstd.decompressByteArray(raw, 0, raw.length, compressed, 0, compressed.length);
        assertThat(length).isEqualTo(raw.length);
        var reader = new EventReader(raw, raw.length, batch.events().firstMillis());
        while (reader.next()) {
          lines.add(reader.message());
        }
      }
      shipment.ifPresent(
          each ->
              each.stands(
                  new ToAgent.LogStands(
                      1, KEY.task(), KEY.name(), batch.batch(), offset, Optional.empty())));
    }

    void await(int lineCount) throws InterruptedException {
      while (true) {
        synchronized (this) {
          if (lines.size() >= lineCount) {
            return;
          }
        }
        Thread.sleep(10);
      }
    }
  }
}
