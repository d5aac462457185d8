package dev.berth.api.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reads bodies into memory, of which there is only so much for all of them together. */
final class BodyReader {
  /** Most requests are smaller, and need not wait for anyone. */
  private static final int SMALL_BYTES_MAX = 64 * 1024;

  /** How many larger ones are in memory at once. */
  private static final int LARGE_COUNT_MAX = 8;

  /** How long a larger one waits for its turn. */
  private static final Duration TURN_WAIT_MAX = Duration.ofSeconds(10);

  private final int bytesMax;
  private final Semaphore large = new Semaphore(LARGE_COUNT_MAX);

  BodyReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** What is done with a body once it is read. */
  @FunctionalInterface
  interface Use {
    void with(byte[] body);
  }

  /**
   * Reads a body and hands it on, holding its turn until that is done.
   *
   * @throws ApiException if it is too large, or there is no room for it now
   * @throws IOException if the client goes away
   */
  void read(InputStream stream, Use use) throws IOException {
    byte[] start = stream.readNBytes(SMALL_BYTES_MAX);
    if (start.length < SMALL_BYTES_MAX) {
      use.with(start);
      return;
    }
    if (!takeTurn()) {
      throw new ApiException("ServiceUnavailable", 503, "Too many large requests at once.");
    }
    try {
      use.with(readAll(start, stream));
    } finally {
      large.release();
    }
  }

  private byte[] readAll(byte[] start, InputStream stream) throws IOException {
    var body = new ByteArrayOutputStream(4 * SMALL_BYTES_MAX);
    body.write(start);
    byte[] buffer = new byte[SMALL_BYTES_MAX];
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      if (body.size() + count > bytesMax) {
        throw new ApiException(
            "RequestEntityTooLarge", 413, "A request may have %d bytes.".formatted(bytesMax));
      }
      body.write(buffer, 0, count);
    }
    return body.toByteArray();
  }

  private boolean takeTurn() {
    try {
      return large.tryAcquire(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
