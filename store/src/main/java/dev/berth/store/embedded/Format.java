package dev.berth.store.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.berth.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The version of the stored format.
 *
 * <p>It is a file beside the database and not a record in it, so that a later version may change
 * anything inside, column families and RocksDB's own format included, and an older Berth still says
 * clearly why it cannot read it.
 */
final class Format {
  /** 1: two column families, laid out by {@link Records}. */
  static final int VERSION = 1;

  private Format() {}

  /** Checks the version of the store, or writes it if the store is new. */
  static void claim(Layout layout) throws IOException {
    if (Files.exists(layout.format())) {
      check(layout);
    } else if (Files.exists(layout.database())) {
      throw new StoreException.Damaged(
          "the store in " + layout.directory() + " has lost its file " + layout.format());
    } else {
      write(layout);
    }
  }

  private static void check(Layout layout) throws IOException {
    var text = Files.readString(layout.format(), US_ASCII).strip();
    int version;
    try {
      version = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new StoreException.Damaged("no format version in " + layout.format(), e);
    }
    if (version != VERSION) {
      throw new StoreException.UnknownFormat(
          "the store in %s has format %d, and this version of Berth reads format %d: run the version that wrote it"
              .formatted(layout.directory(), version, VERSION));
    }
  }

  private static void write(Layout layout) throws IOException {
    var create =
        new StandardOpenOption[] {
          StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING
        };
    try (var file = FileChannel.open(layout.newFormat(), create)) {
      file.write(ByteBuffer.wrap((VERSION + "\n").getBytes(US_ASCII)));
      file.force(true);
    }
    Files.move(layout.newFormat(), layout.format(), StandardCopyOption.ATOMIC_MOVE);
    sync(layout.directory());
  }

  private static void sync(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
