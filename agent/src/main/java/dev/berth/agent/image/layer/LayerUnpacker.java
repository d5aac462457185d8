package dev.berth.agent.image.layer;

import dev.berth.agent.image.layer.LayerTree.Place;
import dev.berth.agent.image.layer.TarEntry.Part;
import dev.berth.agent.linux.FileSystemCallFailed;
import dev.berth.agent.linux.FileSystemCalls;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Unpacks one layer in the form that overlayfs takes as a lower directory.
 *
 * <p>Modes, owners, times, links, fifos, sparse files, security.capability and user attributes are
 * kept; whiteouts become overlayfs's. Device nodes are skipped: the runtime gives every container
 * its own /dev, so that one in a layer is never seen, and a root file system made by debootstrap,
 * which holds some, still works.
 *
 * <p>Later entries replace earlier ones of the same name, directories merge, as Docker does.
 */
public final class LayerUnpacker {
  private static final String WHITEOUT = ".wh.";
  private static final String WHITEOUT_META = ".wh..wh.";
  private static final String WHITEOUT_OPAQUE = ".wh..wh..opq";
  private static final int BUFFER_BYTES = 128 * 1024;

  private final FileSystemCalls calls;
  private final TarReader tar;
  private final LayerTree tree;
  private final LayerLimits limits;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bytes;
  private int entryCount;

  private LayerUnpacker(FileSystemCalls calls, TarReader tar, LayerTree tree, LayerLimits limits) {
    this.calls = calls;
    this.tar = tar;
    this.tree = tree;
    this.limits = limits;
  }

  /**
   * Reads a layer (gzip, zstd or plain tar) to its end and unpacks it. After a failure the
   * directories hold a part of it, which the caller deletes. Call it on a platform thread.
   *
   * @param root an empty directory, which becomes the layer
   * @param replaced an empty directory of the same file system for what the layer itself
   *     overwrites; delete it
   * @param diffId expected digest of the uncompressed stream
   * @throws ImageException saying why the layer was refused
   */
  public static LayerSize unpack(
      InputStream layer, Path root, Path replaced, Digest diffId, LayerLimits limits)
      throws ImageException {
    try (var calls = new FileSystemCalls();
        var tree = new LayerTree(calls, root, replaced);
        var stream = new LayerStream(layer, limits)) {
      var unpacker = new LayerUnpacker(calls, new TarReader(stream), tree, limits);
      unpacker.unpackAll();
      Digest actual = stream.finish();
      if (!actual.equals(diffId)) {
        throw new ImageException(
            new ImageFailure.ContentMismatch(
                "uncompressed layer", diffId.toString(), actual.toString()));
      }
      return new LayerSize(unpacker.bytes, unpacker.entryCount);
    } catch (IOException e) {
      throw asImageException(e);
    }
  }

  private static ImageException asImageException(IOException e) {
    return switch (e) {
      case ImageException known -> known;
      case FileSystemCallFailed call -> new ImageException(failure(call), call);
      case ZipException zip -> refused("gzip: " + zip.getMessage(), zip);
      case EOFException end -> refused("it ends too early", end);
      case com.github.luben.zstd.ZstdIOException zstd ->
          refused("zstd: " + zstd.getMessage(), zstd);
      default -> new ImageException(new ImageFailure.StorageFailed(e.toString()), e);
    };
  }

  private static ImageException refused(String why, IOException cause) {
    return new ImageException(new ImageFailure.LayerRefused(why), cause);
  }

  /** A disk that fails is ours; any other refusal of the kernel is the layer's doing. */
  private static ImageFailure failure(FileSystemCallFailed call) {
    return switch (call.errno()) {
      case FileSystemCalls.ENOSPC, FileSystemCalls.EDQUOT -> new ImageFailure.DiskFull();
      case FileSystemCalls.EIO, FileSystemCalls.EROFS ->
          new ImageFailure.StorageFailed(String.valueOf(call.getMessage()));
      default -> new ImageFailure.LayerRefused(String.valueOf(call.getMessage()));
    };
  }

  private void unpackAll() throws IOException {
    Optional<TarEntry> next = tar.next();
    while (next.isPresent()) {
      TarEntry entry = next.get();
      entryCount++;
      if (entryCount + tree.impliedDirectoryCount() > limits.entryCountMax()) {
        throw new ImageException(
            new ImageFailure.TooLarge("a layer's number of entries", limits.entryCountMax()));
      }
      Place place = LayerTree.place(entry.name());
      if (place.name().startsWith(WHITEOUT)) {
        unpackWhiteout(place);
      } else {
        unpackEntry(place, entry);
      }
      next = tar.next();
    }
    tree.finish();
  }

  private void unpackEntry(Place place, TarEntry entry) throws IOException {
    switch (entry.kind()) {
      case FILE -> unpackFile(place, entry);
      case DIRECTORY -> tree.addDirectory(place, entry);
      case SYMLINK -> tree.addSymlink(place, entry);
      case HARD_LINK -> tree.addHardLink(place, LayerTree.place(entry.linkName()));
      case FIFO -> tree.addFifo(place, entry);
      case DEVICE -> {
        // Skipped, see the class comment.
      }
    }
  }

  private void unpackWhiteout(Place place) throws IOException {
    if (place.name().equals(WHITEOUT_OPAQUE)) {
      tree.markOpaque(place.parent());
      return;
    }
    if (place.name().startsWith(WHITEOUT_META)) {
      return; // Records of AUFS, which no container should see.
    }
    String hidden = place.name().substring(WHITEOUT.length());
    if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
      throw LayerTree.refused("a whiteout hides no name: " + place.path());
    }
    tree.addWhiteout(new Place(place.parent(), hidden));
  }

  private void unpackFile(Place place, TarEntry entry) throws IOException {
    int file = tree.addFile(place);
    try {
      if (entry.parts().isEmpty()) {
        copy(file, 0, entry.storedBytes());
      } else {
        for (Part part : entry.parts()) {
          copy(file, part.offset(), part.length());
        }
      }
      if (entry.fileBytes() != entry.storedBytes()) {
        calls.setLength(file, entry.fileBytes());
      }
      tree.applyAttributes(file, entry);
      bytes += entry.storedBytes();
    } finally {
      calls.close(file);
    }
  }

  private void copy(int file, long offset, long length) throws IOException {
    long done = 0;
    while (done < length) {
      int wanted = (int) Math.min(buffer.length, length - done);
      int filled = 0;
      while (filled
          < wanted) { // Decompressors give little at a time, and a call costs more than a copy.
        int count = tar.read(buffer, filled, wanted - filled);
        if (count < 0) {
          throw TarReader.malformed("a file is shorter than its header says");
        }
        filled += count;
      }
      calls.write(file, buffer, 0, filled, offset + done);
      done += filled;
    }
  }
}
