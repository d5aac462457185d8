package dev.berth.agent.image.layer;

import dev.berth.model.image.ImageException;
import java.nio.charset.StandardCharsets;

/** Fields of a 512-byte tar header: old, ustar and GNU forms. */
final class TarHeader {
  static final int BLOCK_BYTES = 512;
  static final char GNU_SPARSE = 'S';

  private static final int CHECKSUM_OFFSET = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final byte[] block;

  TarHeader(byte[] block) throws ImageException {
    this.block = block;
    if (!checksumHolds()) {
      throw TarReader.malformed("a header's checksum is wrong");
    }
  }

  private boolean checksumHolds() throws ImageException {
    long unsigned = 0;
    long signed = 0; // Some old writers summed signed chars.
    for (int i = 0; i < BLOCK_BYTES; i++) {
      boolean blank = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_LENGTH;
      unsigned += blank ? ' ' : block[i] & 0xff;
      signed += blank ? ' ' : block[i];
    }
    long written = number(CHECKSUM_OFFSET, CHECKSUM_LENGTH);
    return written == unsigned || written == signed;
  }

  char type() {
    return (char) (block[156] & 0xff);
  }

  String name() {
    boolean posix = text(257, 6).equals("ustar") && block[263] == '0';
    String prefix = posix ? text(345, 155) : "";
    return prefix.isEmpty() ? text(0, 100) : prefix + "/" + text(0, 100);
  }

  String linkName() {
    return text(157, 100);
  }

  int mode() throws ImageException {
    return (int) (number(100, 8) & 07777);
  }

  long uid() throws ImageException {
    return number(108, 8);
  }

  long gid() throws ImageException {
    return number(116, 8);
  }

  long size() throws ImageException {
    return number(124, 12);
  }

  long mtimeSeconds() throws ImageException {
    return number(136, 12);
  }

  long sparseFileBytes() throws ImageException {
    return number(483, 12);
  }

  boolean sparseContinues() {
    return block[482] != 0;
  }

  private String text(int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, StandardCharsets.ISO_8859_1);
  }

  private long number(int offset, int length) throws ImageException {
    return number(block, offset, length);
  }

  /** Octal digits, or GNU's base 256 for what does not fit. */
  static long number(byte[] block, int offset, int length) throws ImageException {
    if ((block[offset] & 0x80) != 0) {
      return binary(block, offset, length);
    }
    long value = 0;
    boolean started = false;
    for (int i = offset; i < offset + length; i++) {
      int c = block[i] & 0xff;
      if (c >= '0' && c <= '7') {
        value = value << 3 | (c - '0'); // Twelve digits are 36 bits: no overflow.
        started = true;
      } else if (c == 0 || c == ' ') {
        if (started) {
          break;
        }
      } else {
        throw TarReader.malformed("a header has a number that is not octal");
      }
    }
    return value;
  }

  private static long binary(byte[] block, int offset, int length) throws ImageException {
    boolean negative = (block[offset] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = offset; i < offset + length; i++) {
      int b = i == offset ? (block[i] & 0x3f) | (negative ? 0xc0 : 0) : block[i] & 0xff;
      if (value >> 55 != (negative ? -1 : 0)) {
        throw TarReader.malformed("a header has a number beyond 64 bits");
      }
      value = value << 8 | b;
    }
    return value;
  }
}
