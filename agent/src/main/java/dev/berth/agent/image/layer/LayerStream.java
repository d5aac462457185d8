package dev.berth.agent.image.layer;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;

/**
 * A layer's tar stream: decompressed by what its first bytes say (the media type of real images is
 * not always right), hashed for its diff id, and bounded in length and ratio.
 */
public final class LayerStream extends InputStream {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MAGIC_BYTES = 4;

  private final CountingStream compressed;
  private final InputStream plain;
  private final LayerLimits limits;
  private final MessageDigest running = Digest.start();
  private final byte[] skipped = new byte[BUFFER_BYTES];
  private long plainCount;

  public LayerStream(InputStream in, LayerLimits limits) throws IOException {
    this.compressed = new CountingStream(in);
    this.limits = limits;
    this.plain = decompressed(compressed);
  }

  /** Whether there is anything to decompress. */
  public boolean isCompressed() {
    return !(plain instanceof BufferedInputStream);
  }

  private static InputStream decompressed(InputStream in) throws IOException {
    var buffered = new BufferedInputStream(in, BUFFER_BYTES);
    buffered.mark(MAGIC_BYTES);
    byte[] magic = buffered.readNBytes(MAGIC_BYTES);
    buffered.reset();
    if (startsWith(magic, 0x1f, 0x8b)) {
      return new GZIPInputStream(buffered, BUFFER_BYTES);
    }
    if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new ZstdInputStreamNoFinalizer(buffered).setContinuous(false);
    }
    return buffered;
  }

  private static boolean startsWith(byte[] magic, int... expected) {
    boolean same = magic.length >= expected.length;
    for (int i = 0; same && i < expected.length; i++) {
      same = (magic[i] & 0xff) == expected[i];
    }
    return same;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = plain.read(target, offset, length);
    if (count > 0) {
      running.update(target, offset, count);
      plainCount += count;
      checkBounds();
    }
    return count;
  }

  @Override
  public long skip(long wanted) throws IOException {
    // By reading: the skipped bytes belong to the digest.
    return Math.max(0, read(skipped, 0, (int) Math.min(wanted, skipped.length)));
  }

  private void checkBounds() throws ImageException {
    if (plainCount > limits.unpackedBytesMax()) {
      throw new ImageException(
          new ImageFailure.TooLarge("an unpacked layer in bytes", limits.unpackedBytesMax()));
    }
    if (plainCount > limits.ratioFloorBytes()
        && plainCount / limits.ratioMax() > compressed.count()) {
      throw new ImageException(
          new ImageFailure.TooLarge("a layer's compression ratio", limits.ratioMax()));
    }
  }

  /** Reads the padding behind the last entry, and tells the digest of the whole stream. */
  Digest finish() throws IOException {
    while (read(skipped, 0, skipped.length) >= 0) {
      // Reading is what counts and hashes.
    }
    return Digest.of(running);
  }

  /** Frees the decompressor. The compressed stream stays open. */
  @Override
  public void close() throws IOException {
    plain.close();
  }
}
