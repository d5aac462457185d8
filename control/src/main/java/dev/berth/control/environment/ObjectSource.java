package dev.berth.control.environment;

import java.io.IOException;

/** Where objects of S3 are read from. */
@FunctionalInterface
public interface ObjectSource {
  /**
   * The bytes of an object; blocks, and not for ever.
   *
   * @throws IOException whose message says why it cannot be had, also where it is longer than
   *     {@code byteCountMax}; it shows nothing of the object
   */
  byte[] read(String bucket, String key, int byteCountMax) throws IOException, InterruptedException;
}
