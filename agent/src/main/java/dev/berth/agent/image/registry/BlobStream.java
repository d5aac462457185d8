package dev.berth.agent.image.registry;

import dev.berth.agent.image.manifest.Descriptor;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A blob as one stream, whatever happens to connections: it goes on where a broken one stopped, and
 * where a killed process stopped if it keeps a partial file. Digest and length are of what was
 * handed out, so {@link #verify} speaks for resumed content too.
 */
public final class BlobStream extends InputStream {
  /** Connections that one blob may cost. */
  private static final int CONNECTION_COUNT_MAX = 20;

  private final Source source;
  private final Descriptor descriptor;
  private final Optional<Path> partial;
  private final LongConsumer progress;
  private final MessageDigest running = Digest.start();
  private InputStream current;
  private OutputStream copy = OutputStream.nullOutputStream();
  private boolean replaying;
  private long position;
  private int connectionCount;

  /** Opens the blob's bytes from a position on. */
  @FunctionalInterface
  interface Source {
    InputStream open(long offset) throws IOException;
  }

  BlobStream(Source source, Descriptor descriptor, Optional<Path> partial, LongConsumer progress)
      throws IOException {
    this.source = source;
    this.descriptor = descriptor;
    this.partial = partial;
    this.progress = progress;
    if (partial.isPresent() && isUsable(partial.get(), descriptor)) {
      current = Files.newInputStream(partial.get());
      replaying = true;
    } else {
      if (partial.isPresent()) {
        copy = Files.newOutputStream(partial.get());
      }
      current = connect();
    }
  }

  private static boolean isUsable(Path partial, Descriptor descriptor) throws IOException {
    return Files.exists(partial)
        && Files.size(partial) > 0
        && Files.size(partial) <= descriptor.sizeBytes();
  }

  /** How much of the blob was not read yet. */
  public long remainingBytes() {
    return descriptor.sizeBytes() - position;
  }

  private InputStream connect() throws IOException {
    connectionCount++;
    return position == descriptor.sizeBytes()
        ? InputStream.nullInputStream()
        : source.open(position);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      int count;
      try {
        count = current.read(target, offset, length);
      } catch (ImageException e) {
        throw e;
      } catch (IOException e) {
        reconnect(e);
        continue;
      }
      if (count >= 0) {
        accept(target, offset, count);
        return count;
      }
      if (replaying) {
        endReplay();
      } else if (position < descriptor.sizeBytes()) {
        reconnect(new IOException("the connection ended early"));
      } else {
        return -1;
      }
    }
  }

  private void accept(byte[] bytes, int offset, int count) throws IOException {
    position += count;
    if (position > descriptor.sizeBytes()) {
      throw mismatch(descriptor.sizeBytes() + " bytes", "more");
    }
    running.update(bytes, offset, count);
    if (!replaying) {
      copy.write(bytes, offset, count);
    }
    progress.accept(position);
  }

  private void endReplay() throws IOException {
    current.close();
    replaying = false;
    if (partial.isPresent()) {
      copy = Files.newOutputStream(partial.get(), StandardOpenOption.APPEND);
    }
    current = connect();
  }

  private void reconnect(IOException cause) throws IOException {
    if (replaying || connectionCount >= CONNECTION_COUNT_MAX) {
      throw Failures.of(cause, "blob " + descriptor.digest());
    }
    current.close();
    current = connect();
  }

  /** An honest estimate is enough: gzip asks it whether another member may follow. */
  @Override
  public int available() {
    return remainingBytes() > 0 ? 1 : 0;
  }

  /** Reads what is left, and holds the whole against its digest and length. */
  public void verify() throws IOException {
    byte[] rest = new byte[64 * 1024];
    while (read(rest, 0, rest.length) >= 0) {
      // Reading is what hashes.
    }
    Digest actual = Digest.of(running);
    if (!actual.equals(descriptor.digest())) {
      throw mismatch(descriptor.digest().toString(), actual.toString());
    }
  }

  private ImageException mismatch(String expected, String actual) {
    return new ImageException(
        new ImageFailure.ContentMismatch("blob " + descriptor.digest(), expected, actual));
  }

  @Override
  public void close() throws IOException {
    try (OutputStream closing = copy) {
      closing.flush();
      current.close();
    }
  }
}
