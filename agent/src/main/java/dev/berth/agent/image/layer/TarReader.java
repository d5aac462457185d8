package dev.berth.agent.image.layer;

import dev.berth.agent.image.layer.TarEntry.Kind;
import dev.berth.agent.image.layer.TarEntry.Part;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tar stream entry by entry: v7, ustar, GNU and pax, with long names, extended attributes
 * and sparse files.
 *
 * <p>Berth has its own because libraries decode names and pax values as text, which destroys what
 * is binary (security.capability, names that are no UTF-8), and because they hold headers of any
 * length in memory. What this one accepts follows Go's archive/tar, by which nearly every layer was
 * written.
 *
 * <p>Not synchronized. Every failure of the format is an {@link ImageFailure.LayerRefused}.
 */
final class TarReader {
  /**
   * Longest pax header or GNU long name: room for a maximal attribute, far above any honest one.
   */
  static final int EXTENDED_HEADER_BYTES_MAX = 1 << 20;

  /** Most parts of one sparse file. */
  static final int SPARSE_PART_COUNT_MAX = 100_000;

  private static final int BLOCK = TarHeader.BLOCK_BYTES;
  private static final long ID_MAX = 0xffff_fffeL; // The last one means "unchanged" to chown.

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private long position;
  private long dataLeft;
  private long padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /** The next entry, wherever the last one's data was left; empty at the end of the archive. */
  Optional<TarEntry> next() throws IOException {
    skipFully(dataLeft + padding);
    dataLeft = 0;
    padding = 0;
    PaxRecords pax = PaxRecords.NONE;
    Optional<String> longName = Optional.empty();
    Optional<String> longLink = Optional.empty();
    while (readBlockOrEnd()) {
      var header = new TarHeader(block.clone()); // A sparse map reads more blocks.
      switch (header.type()) {
        case 'x' -> pax = PaxRecords.parse(extended(header));
        case 'g' ->
            extended(header); // Global records hold comments in practice; Go ignores them too.
        case 'L' -> longName = Optional.of(nulTerminated(extended(header)));
        case 'K' -> longLink = Optional.of(nulTerminated(extended(header)));
        case 'V' -> skipFully(padded(header.size())); // A volume's label.
        default -> {
          return Optional.of(entry(header, pax, longName, longLink));
        }
      }
    }
    return Optional.empty();
  }

  /** Reads data of the current entry; -1 at its end. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (dataLeft == 0) {
      return -1;
    }
    int count = in.read(target, offset, (int) Math.min(length, dataLeft));
    if (count < 0) {
      throw malformed("it ends in the middle of a file");
    }
    dataLeft -= count;
    position += count;
    return count;
  }

  /** How far into the stream the next {@link #read} is. */
  long position() {
    return position;
  }

  private TarEntry entry(
      TarHeader header, PaxRecords pax, Optional<String> longName, Optional<String> longLink)
      throws IOException {
    String name =
        pax.text("GNU.sparse.name")
            .or(() -> pax.text("path"))
            .or(() -> longName)
            .orElseGet(header::name);
    Kind kind = kind(header.type(), name);
    String link = pax.text("linkpath").or(() -> longLink).orElseGet(header::linkName);
    long stored = pax.number("size").orElse(header.size());
    if (kind != Kind.FILE) {
      stored = 0; // As in Go: only regular files have data, whatever the header says.
    }
    if (stored < 0 || stored > Long.MAX_VALUE - BLOCK) {
      throw malformed("an entry has an impossible size");
    }
    dataLeft = stored;
    padding = padded(stored) - stored;
    Sparse sparse = kind == Kind.FILE ? sparse(header, pax) : Sparse.DENSE;
    long fileBytes = sparse.isSparse() ? sparse.fileBytes() : dataLeft;
    checkSparse(sparse, fileBytes);
    return new TarEntry(
        name,
        kind,
        kind == Kind.SYMLINK || kind == Kind.HARD_LINK ? link : "",
        header.mode(),
        id(pax.number("uid").orElse(header.uid())),
        id(pax.number("gid").orElse(header.gid())),
        pax.number("mtime").orElse(header.mtimeSeconds()),
        Math.max(0, pax.nanos("mtime")),
        dataLeft,
        fileBytes,
        sparse.parts(),
        Map.copyOf(pax.attributes()));
  }

  private static Kind kind(char flag, String name) throws ImageException {
    return switch (flag) {
      case '0', '\0', '7', TarHeader.GNU_SPARSE -> name.endsWith("/") ? Kind.DIRECTORY : Kind.FILE;
      case '1' -> Kind.HARD_LINK;
      case '2' -> Kind.SYMLINK;
      case '3', '4' -> Kind.DEVICE;
      case '5' -> Kind.DIRECTORY;
      case '6' -> Kind.FIFO;
      default -> throw malformed("an entry has the unknown type " + (int) flag);
    };
  }

  private static int id(long value) throws ImageException {
    if (value < 0 || value > ID_MAX) {
      throw malformed("an entry has an impossible owner");
    }
    return (int) value;
  }

  /** The parts of a sparse file and its length; a negative length means that it is dense. */
  private record Sparse(List<Part> parts, long fileBytes) {
    static final Sparse DENSE = new Sparse(List.of(), -1);

    boolean isSparse() {
      return fileBytes >= 0;
    }
  }

  private Sparse sparse(TarHeader header, PaxRecords pax) throws IOException {
    if (header.type() == TarHeader.GNU_SPARSE) {
      return gnuSparse(header);
    }
    Optional<String> major = pax.text("GNU.sparse.major");
    if (major.equals(Optional.of("1"))) {
      long fileBytes = pax.number("GNU.sparse.realsize").orElse(-1L);
      return new Sparse(parts(leadingSparseMap()), nonNegative(fileBytes));
    }
    Optional<Long> fileBytes = pax.number("GNU.sparse.size");
    if (fileBytes.isEmpty()) {
      return Sparse.DENSE;
    }
    return new Sparse(parts(pax.sparseMap()), nonNegative(fileBytes.get()));
  }

  /** The old GNU form: four parts in the header, and 21 in each block that follows. */
  private Sparse gnuSparse(TarHeader header) throws IOException {
    long fileBytes = nonNegative(header.sparseFileBytes());
    List<Long> map = new ArrayList<>();
    collectGnuParts(386, 4, map);
    boolean continues = header.sparseContinues();
    while (continues) {
      readBlock();
      collectGnuParts(0, 21, map);
      continues = block[504] != 0;
    }
    return new Sparse(parts(map), fileBytes);
  }

  private void collectGnuParts(int offset, int count, List<Long> map) throws ImageException {
    for (int i = 0; i < count; i++) {
      int at = offset + 24 * i;
      if (block[at] != 0) {
        map.add(TarHeader.number(block, at, 12));
        map.add(TarHeader.number(block, at + 12, 12));
      }
    }
    checkPartCount(map.size() / 2);
  }

  /** GNU's form 1.0: the map stands before the data, as decimal lines padded to a block. */
  private List<Long> leadingSparseMap() throws IOException {
    long mapBytes = 0;
    int wanted = -1;
    List<Long> map = new ArrayList<>();
    var digits = new StringBuilder();
    while (wanted != map.size()) {
      if (dataLeft < BLOCK) {
        throw malformed("a sparse file has no map");
      }
      readBlock();
      dataLeft -= BLOCK;
      mapBytes += BLOCK;
      for (int i = 0; i < BLOCK && wanted != map.size(); i++) {
        if (block[i] != '\n') {
          digits.append((char) (block[i] & 0xff));
          checkPartCount(mapBytes > 50L * SPARSE_PART_COUNT_MAX ? Integer.MAX_VALUE : 0);
        } else if (wanted < 0) {
          long parts = nonNegative(PaxRecords.decimal(digits.toString()));
          checkPartCount(parts);
          wanted = (int) (2 * parts);
          digits.setLength(0);
        } else {
          map.add(PaxRecords.decimal(digits.toString()));
          digits.setLength(0);
        }
      }
    }
    return map;
  }

  private static List<Part> parts(List<Long> map) throws ImageException {
    if (map.size() % 2 != 0) {
      throw malformed("a sparse file has half a part");
    }
    checkPartCount(map.size() / 2);
    List<Part> parts = new ArrayList<>(map.size() / 2);
    for (int i = 0; i < map.size(); i += 2) {
      parts.add(new Part(map.get(i), map.get(i + 1)));
    }
    return parts;
  }

  private static void checkPartCount(long count) throws ImageException {
    if (count > SPARSE_PART_COUNT_MAX) {
      throw malformed("a sparse file has too many parts");
    }
  }

  private void checkSparse(Sparse sparse, long fileBytes) throws ImageException {
    long end = 0;
    long stored = 0;
    for (Part part : sparse.parts()) {
      boolean inside =
          part.offset() >= end && part.length() >= 0 && part.length() <= fileBytes - part.offset();
      if (!inside) {
        throw malformed("a sparse file's parts overlap or lie outside of it");
      }
      end = part.offset() + part.length();
      stored += part.length();
    }
    if (sparse.isSparse() && stored != dataLeft) {
      throw malformed("a sparse file's parts are not as long as its data");
    }
  }

  private byte[] extended(TarHeader header) throws IOException {
    long size = header.size();
    if (size < 0 || size > EXTENDED_HEADER_BYTES_MAX) {
      throw malformed("an extended header is longer than " + EXTENDED_HEADER_BYTES_MAX + " bytes");
    }
    byte[] data = in.readNBytes((int) size);
    position += data.length;
    if (data.length < size) {
      throw malformed("it ends in the middle of a header");
    }
    skipFully(padded(size) - size);
    return data;
  }

  private static String nulTerminated(byte[] data) {
    int end = 0;
    while (end < data.length && data[end] != 0) {
      end++;
    }
    return new String(data, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** False at the end: a block of zeros, or no more bytes. */
  private boolean readBlockOrEnd() throws IOException {
    int count = in.readNBytes(block, 0, BLOCK);
    position += count;
    if (count == 0) {
      return false;
    }
    if (count < BLOCK) {
      throw malformed("it ends in the middle of a header");
    }
    for (byte b : block) {
      if (b != 0) {
        return true;
      }
    }
    return false;
  }

  private void readBlock() throws IOException {
    if (in.readNBytes(block, 0, BLOCK) < BLOCK) {
      throw malformed("it ends in the middle of a header");
    }
    position += BLOCK;
  }

  private void skipFully(long count) throws IOException {
    long left = count;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped <= 0) {
        if (in.read() < 0) {
          throw malformed("it ends in the middle of a file");
        }
        skipped = 1;
      }
      left -= skipped;
      position += skipped;
    }
  }

  private static long nonNegative(long value) throws ImageException {
    if (value < 0) {
      throw malformed("a sparse file has an impossible size");
    }
    return value;
  }

  private static long padded(long size) throws ImageException {
    if (size < 0 || size > Long.MAX_VALUE - BLOCK) {
      throw malformed("an entry has an impossible size");
    }
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  static ImageException malformed(String why) {
    return new ImageException(new ImageFailure.LayerRefused("the tar stream is malformed: " + why));
  }
}
