package dev.berth.logs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.berth.model.log.EventBlock;
import dev.berth.model.log.EventReader;
import dev.berth.model.log.EventWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Takes blocks apart, and puts them together. */
public final class Blocks {
  /** The fastest of Zstandard's ordinary levels. */
  public static final int FAST_LEVEL = 1;

  private Blocks() {}

  /** A time and a message. */
  public record Event(long epochMillis, String message) {}

  /** A block of these events, which are in the order of their times. */
  public static EventBlock of(List<Event> events) {
    var writer = new EventWriter();
    for (var event : events) {
      byte[] message = event.message().getBytes(StandardCharsets.UTF_8);
      writer.add(event.epochMillis(), false, message, 0, message.length);
    }
    return writer.block((bytes, count) -> compress(bytes, count, FAST_LEVEL));
  }

  public static byte[] compress(byte[] bytes, int byteCount, int level) {
    byte[] room = new byte[(int) Zstd.compressBound(byteCount)];
    long count = Zstd.compressByteArray(room, 0, room.length, bytes, 0, byteCount, level);
    if (Zstd.isError(count)) {
      throw new IllegalStateException("compressing failed: " + Zstd.getErrorName(count));
    }
    return Arrays.copyOf(room, (int) count);
  }

  /**
   * A reader of the block's events.
   *
   * @throws IllegalArgumentException if the bytes are not what the block says
   */
  public static EventReader reader(EventBlock block) {
    if (block.isEmpty()) {
      return new EventReader(new byte[0], 0, 0);
    }
    byte[] raw = new byte[block.rawByteCount()];
    try {
      long count =
          Zstd.decompressByteArray(
              raw, 0, raw.length, block.compressed(), 0, block.compressed().length);
      if (Zstd.isError(count)) {
        throw new IllegalArgumentException("no Zstandard frame: " + Zstd.getErrorName(count));
      }
      if (count != raw.length) {
        throw new IllegalArgumentException("a block of another length than it says");
      }
    } catch (ZstdException e) {
      throw new IllegalArgumentException("no Zstandard frame: " + e.getMessage(), e);
    }
    return new EventReader(raw, raw.length, block.firstMillis());
  }

  /**
   * What a look into a block found.
   *
   * @param flaw absent if it is what it says
   */
  public record Content(Optional<String> flaw, long messageByteCount) {}

  /** Looks into a block. */
  public static Content content(EventBlock block) {
    try {
      var reader = reader(block);
      int count = 0;
      long last = block.firstMillis();
      long messageByteCount = 0;
      while (reader.next()) {
        count++;
        last = reader.epochMillis();
        messageByteCount += reader.messageLength();
      }
      return count == block.eventCount() && last == block.lastMillis()
          ? new Content(Optional.empty(), messageByteCount)
          : flawed("it has " + count + " events, and says " + block.eventCount());
    } catch (IllegalArgumentException e) {
      return flawed(String.valueOf(e.getMessage()));
    }
  }

  private static Content flawed(String why) {
    return new Content(Optional.of(why), 0);
  }

  /** The block's events with their places, as they are stored. */
  public static List<StoredEvent> stored(
      EventBlock block, StreamId stream, long ordinal, long firstSequence, long ingestedMillis) {
    var events = new ArrayList<StoredEvent>(block.eventCount());
    var reader = reader(block);
    for (long sequence = firstSequence; reader.next(); sequence++) {
      events.add(
          new StoredEvent(
              stream,
              new EventPosition(reader.epochMillis(), ordinal, sequence),
              ingestedMillis,
              reader.isStderr(),
              reader.message()));
    }
    return events;
  }
}
