package dev.berth.control.secret;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A value in clear, on its way in or out. It never shows what it holds. */
public final class SecretValue {
  public static final int BYTE_COUNT_MAX = 65_536;

  private final byte[] bytes;
  private final boolean binary;

  /**
   * A value of those bytes.
   *
   * @param binary whether it was given as bytes, not as text
   */
  public SecretValue(byte[] bytes, boolean binary) {
    this.bytes = bytes.clone();
    this.binary = binary;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public boolean binary() {
    return binary;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SecretValue value
        && binary == value.binary
        && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SecretValue[" + bytes.length + " bytes]";
  }
}
