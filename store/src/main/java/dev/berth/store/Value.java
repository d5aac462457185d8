package dev.berth.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** The immutable bytes stored under a key. They may be empty. */
public final class Value {
  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A value with a copy of these bytes. */
  public static Value of(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /** A value with the UTF-8 form of the text. */
  public static Value of(String text) {
    return new Value(text.getBytes(UTF_8));
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes read as UTF-8. */
  public String text() {
    return new String(bytes, UTF_8);
  }

  public int sizeBytes() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Shows the size only: values may be large, and may be secret. */
  @Override
  public String toString() {
    return "Value[" + bytes.length + " bytes]";
  }
}
