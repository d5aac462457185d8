package dev.berth.cli.image;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** Writes a tar of the POSIX ustar form in memory: owned by root, at the time 0, short names. */
final class TarWriter {
  private static final int BLOCK_BYTES = 512;
  private static final int NAME_BYTES_MAX = 100;
  private static final int CHECKSUM_OFFSET = 148;
  private static final int CHECKSUM_BYTES = 8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** What an entry is; the letter is the format's. */
  private enum Type {
    FILE('0'),
    LINK('2'),
    FOLDER('5');

    private final char letter;

    Type(char letter) {
      this.letter = letter;
    }
  }

  TarWriter folder(String name, int mode) {
    entry(name + "/", mode, Type.FOLDER, "", 0);
    return this;
  }

  TarWriter link(String name, String target) {
    entry(name, 0777, Type.LINK, target, 0);
    return this;
  }

  TarWriter file(String name, int mode, byte[] content) {
    entry(name, mode, Type.FILE, "", content.length);
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK_BYTES - content.length % BLOCK_BYTES) % BLOCK_BYTES]);
    return this;
  }

  /** The archive with its end mark. */
  byte[] bytes() {
    out.writeBytes(new byte[2 * BLOCK_BYTES]);
    return out.toByteArray();
  }

  private void entry(String name, int mode, Type type, String target, long sizeBytes) {
    byte[] header = new byte[BLOCK_BYTES];
    put(header, 0, name);
    put(header, 100, "%07o".formatted(mode));
    put(header, 108, "%07o".formatted(0));
    put(header, 116, "%07o".formatted(0));
    put(header, 124, "%011o".formatted(sizeBytes));
    put(header, 136, "%011o".formatted(0));
    put(header, 156, String.valueOf(type.letter));
    put(header, 157, target);
    put(header, 257, "ustar\0" + "00");
    // The sum is taken as if its own field were spaces.
    put(header, CHECKSUM_OFFSET, " ".repeat(CHECKSUM_BYTES));
    int sum = 0;
    for (byte octet : header) {
      sum += Byte.toUnsignedInt(octet);
    }
    put(header, CHECKSUM_OFFSET, "%06o\0 ".formatted(sum));
    out.writeBytes(header);
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    if (bytes.length > NAME_BYTES_MAX) {
      throw new IllegalArgumentException("too long for this format: " + text);
    }
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
