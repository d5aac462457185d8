package dev.berth.agent.logs;

import dev.berth.agent.linux.FileHoles;
import dev.berth.agent.runtime.ConmonScan;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.runtime.OutputBrake;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.task.LogConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships one container's output, on a thread of its own, until the container has ended and all of it
 * is stored.
 */
final class Shipment {
  /** Of the file, read at once; a block of events is no larger. */
  private static final int CHUNK_BYTE_COUNT = 512 << 10;

  /** Blocks that are sent and not answered. */
  private static final int IN_FLIGHT_COUNT_MAX = 4;

  /** A line that waits for its end, or an event for its next line, waits no longer. */
  private static final long OPEN_NANOS_MAX = Duration.ofSeconds(1).toNanos();

  private static final long LOOK_MILLIS_MIN = 10;
  private static final long LOOK_MILLIS_MAX = 80;

  /** Of output that is not stored yet, before a container in blocking mode is made to wait. */
  static final long HELD_BYTE_COUNT = 64L << 20;

  /** Room is given back in pieces of that size. */
  private static final long TRIM_BYTE_COUNT = 4L << 20;

  /** The first page stays: it says when the first output came. */
  private static final long KEPT_BYTE_COUNT = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(Shipment.class);

  private final ContainerKey key;
  private final LogConfiguration configuration;
  private final Path output;
  private final OutputBrake brake;
  private final BooleanSupplier isOver;
  private final EventAssembler assembler;
  private final ConmonScan scan = new ConmonScan();
  private final byte[] chunk = new byte[CHUNK_BYTE_COUNT];

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();
  private Optional<Consumer<ToControl>> control = Optional.empty();
  private boolean rewind = true;
  private long storedOffset;
  private boolean storedAll;
  private boolean closed;
  private long changeCount;

  // Of the shipping thread alone.
  private long seenChangeCount;
  private long readOffset;
  private long sentOffset;
  private long lastBatch;
  private boolean sentAll;
  private long trimmedOffset;
  private long markedOffset = -1;
  private boolean held;
  private OutputGap gap;
  private long lostLineCount;
  private long lastReadNanos = System.nanoTime();
  private long lookMillis = LOOK_MILLIS_MIN;

  private record Sent(long batch, long end, boolean complete) {}

  /**
   * @param mark from where to ship
   * @param isOver whether the container has ended and writes nothing more
   */
  Shipment(
      ContainerKey key,
      LogConfiguration configuration,
      Path output,
      ShippedMark mark,
      OutputBrake brake,
      BooleanSupplier isOver) {
    this.key = key;
    this.configuration = configuration;
    this.output = output;
    this.brake = brake;
    this.isOver = isOver;
    this.assembler = new EventAssembler(configuration.eventStart());
    this.storedOffset = mark.offset();
    this.trimmedOffset = mark.offset();
    this.gap = mark.gap();
  }

  /** There is a way to control; what was sent by another is sent again. */
  void connected(Consumer<ToControl> way) {
    locked(
        () -> {
          control = Optional.of(way);
          rewind = true;
        });
  }

  void disconnected() {
    locked(() -> control = Optional.empty());
  }

  /** Control says where the stream stands. */
  void stands(ToAgent.LogStands standing) {
    locked(
        () -> {
          if (inFlight.stream().noneMatch(sent -> sent.batch() == standing.batch())) {
            return; // Of before it was rewound.
          }
          Sent sent = inFlight.remove();
          while (sent.batch() != standing.batch()) {
            sent = inFlight.remove(); // What came before it is stored too.
          }
          storedOffset = standing.offset();
          if (standing.offset() == sent.end()) {
            storedAll = sent.complete();
          } else {
            rewind = true;
          }
        });
  }

  void close() {
    locked(() -> closed = true);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changeCount++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ships until everything is stored, or until it is closed. */
  void run() throws InterruptedException {
    while (true) {
      try (var file = FileChannel.open(output)) {
        ship(file);
        return;
      } catch (NoSuchFileException nothingYet) {
        if (!awaitFile()) {
          return;
        }
      } catch (IOException e) {
        LOG.atError().addKeyValue("container", key).setCause(e).log("output not shipped");
        if (!pause(Duration.ofSeconds(1).toMillis())) {
          return;
        }
      }
    }
  }

  /** False once nothing will come. */
  private boolean awaitFile() throws InterruptedException {
    return !isOver.getAsBoolean() && pause(LOOK_MILLIS_MAX);
  }

  /** Waits until something has changed, or for that long; false when it is closed. */
  private boolean pause(long millis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (!closed && nanos > 0 && changeCount == seenChangeCount) {
        nanos = changed.awaitNanos(nanos);
      }
      seenChangeCount = changeCount;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void ship(FileChannel file) throws IOException, InterruptedException {
    boolean more = true;
    while (more) {
      restartIfRewound();
      boolean over = isOver.getAsBoolean(); // Asked before the file is read to its end.
      boolean read = hasRoom() && read(file);
      if (!read) {
        endWhatWaits(over, file);
      }
      boolean sent = send();
      keepTo(file, file.size());
      noteProgress();
      more = !isFinished() && Files.exists(output);
      if (more && !read && !sent) {
        more = pause(lookMillis);
        lookMillis = Math.min(LOOK_MILLIS_MAX, lookMillis + LOOK_MILLIS_MIN);
      } else {
        lookMillis = LOOK_MILLIS_MIN;
      }
    }
  }

  private void restartIfRewound() {
    lock.lock();
    try {
      if (rewind) {
        rewind = false;
        inFlight.clear();
        readOffset = gap.after(storedOffset);
        sentOffset = storedOffset;
        sentAll = false;
        assembler.restart(readOffset);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    lock.lock();
    try {
      return control.isPresent() && !closed && inFlight.size() < IN_FLIGHT_COUNT_MAX;
    } finally {
      lock.unlock();
    }
  }

  /** Reads whole lines into the assembler; false when there are none. */
  private boolean read(FileChannel file) throws IOException {
    if (gap.after(readOffset) != readOffset) {
      readOffset = gap.after(readOffset);
      assembler.endOpen(readOffset);
    }
    var buffer = ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, gap.readable(readOffset)));
    while (buffer.hasRemaining() && file.read(buffer, readOffset + buffer.position()) > 0) {
      // A file may give less than there is room for.
    }
    long base = readOffset;
    int count =
        scan.scan(
            chunk,
            buffer.position(),
            (millis, stderr, partial, first, length, start, end) ->
                assembler.line(
                    millis, stderr, partial, chunk, first, length, base + start, base + end));
    if (count > 0) {
      readOffset += count;
      lastReadNanos = System.nanoTime();
    }
    return count > 0;
  }

  private void endWhatWaits(boolean over, FileChannel file) throws IOException {
    boolean atEnd = over && readOffset >= file.size();
    if (assembler.isOpen()
        && (atEnd || System.nanoTime() - lastReadNanos > OPEN_NANOS_MAX)
        && hasRoom()) {
      assembler.endOpen(readOffset);
    }
    if (atEnd && !assembler.isOpen()) {
      sentAll = sentAll || sendLast();
    }
  }

  /** Sends what is complete; false when that is nothing. */
  private boolean send() {
    return assembler.boundary() > sentOffset && hasRoom() && send(false);
  }

  private boolean sendLast() {
    return hasRoom() && send(true);
  }

  private boolean send(boolean complete) {
    var block = assembler.take();
    long end = Math.max(sentOffset, assembler.boundary());
    var batch =
        new ToControl.LogBatch(
            key.task(), key.name(), ++lastBatch, sentOffset, end, complete, block);
    sentOffset = end;
    Optional<Consumer<ToControl>> way;
    lock.lock();
    try {
      way = control;
      inFlight.add(new Sent(batch.batch(), end, complete));
    } finally {
      lock.unlock();
    }
    way.ifPresent(to -> to.accept(batch)); // Lost with its connection, it is sent again.
    return true;
  }

  /** Bounds what waits in the file. */
  private void keepTo(FileChannel file, long size) throws IOException {
    if (configuration.blocking()) {
      long waiting = size - storedOffset();
      if (!held && waiting > HELD_BYTE_COUNT) {
        brake.hold(key);
        held = true;
      } else if (held && waiting < HELD_BYTE_COUNT / 2) {
        brake.release(key);
        held = false;
      }
    } else if (size - readOffset - gap.bytesBehind(readOffset)
        > configuration.backlogByteCountMax()) {
      assembler.endOpen(readOffset);
      if (!assembler.hasEvents() || !hasRoom()) { // Else they go first.
        giveUpOldest(file, size);
      }
    }
  }

  /**
   * Down to half of what may wait, and gives their room back: it may be long until control is there
   * again. What was sent and is not stored yet stays.
   */
  private void giveUpOldest(FileChannel file, long size) throws IOException {
    if (assembler.hasEvents()) {
      readOffset = gap.after(sentOffset); // Nobody takes them: they are the oldest.
    }
    var lines = new OutputLines(file);
    long kept = lines.startBehind(size - configuration.backlogByteCountMax() / 2, size);
    if (kept <= readOffset) {
      return; // One line that is longer than all that may wait, and has not ended.
    }
    long stored = storedOffset();
    if (gap.until() <= stored) {
      gap = OutputGap.NONE;
    }
    long lost =
        gap.readable(readOffset) < kept - readOffset
            ? lines.count(readOffset, gap.from()) + lines.count(gap.until(), kept)
            : lines.count(readOffset, kept);
    lostLineCount += lost;
    LOG.atWarn()
        .addKeyValue("container", key)
        .addKeyValue("lines", lost)
        .addKeyValue("linesInAll", lostLineCount)
        .log("output is written faster than it is stored: lines are lost");
    gap = gap.with(readOffset, kept);
    new ShippedMark(stored, false, gap).write(output);
    markedOffset = stored;
    punch(readOffset, kept);
    readOffset = kept;
    assembler.restart(kept);
  }

  /** Gives the room of whole pages back. */
  private void punch(long from, long until) throws IOException {
    long first = Math.max(KEPT_BYTE_COUNT, pageOf(from + KEPT_BYTE_COUNT - 1));
    long end = pageOf(until);
    if (end > first) {
      FileHoles.punch(output, first, end - first);
    }
  }

  private static long pageOf(long offset) {
    return offset / KEPT_BYTE_COUNT * KEPT_BYTE_COUNT;
  }

  private long storedOffset() {
    lock.lock();
    try {
      return storedOffset;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFinished() {
    lock.lock();
    try {
      return closed || storedAll;
    } finally {
      lock.unlock();
    }
  }

  /** Writes down how far it is, and only then gives room back. */
  private void noteProgress() throws IOException {
    long stored;
    boolean all;
    lock.lock();
    try {
      stored = storedOffset;
      all = storedAll;
    } finally {
      lock.unlock();
    }
    if (!all && (stored == markedOffset || stored - trimmedOffset < TRIM_BYTE_COUNT)) {
      return;
    }
    if (gap.until() <= stored) {
      gap = OutputGap.NONE;
    }
    new ShippedMark(stored, all, gap).write(output);
    markedOffset = stored;
    punch(pageOf(trimmedOffset), stored);
    trimmedOffset = stored;
  }
}
