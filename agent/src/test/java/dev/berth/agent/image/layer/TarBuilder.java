package dev.berth.agent.image.layer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes tar streams by hand, so that they may say what no honest tool would. */
public final class TarBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public TarBuilder file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  public TarBuilder file(String name, byte[] content) {
    header(name, '0', "", 0644, content.length);
    return data(content);
  }

  public TarBuilder directory(String name) {
    return header(name, '5', "", 0755, 0);
  }

  public TarBuilder symlink(String name, String target) {
    return header(name, '2', target, 0777, 0);
  }

  public TarBuilder hardLink(String name, String target) {
    return header(name, '1', target, 0644, 0);
  }

  public TarBuilder device(String name, int major, int minor) {
    byte[] block = block(name, '3', "", 0666, 0, 0);
    put(block, 329, octal(major, 7));
    put(block, 337, octal(minor, 7));
    return raw(checked(block));
  }

  public TarBuilder fifo(String name) {
    return header(name, '6', "", 0622, 0);
  }

  /** Extended attributes and other pax records for the next entry. */
  public TarBuilder pax(Map<String, byte[]> records) {
    var body = new ByteArrayOutputStream();
    records.forEach((key, value) -> body.writeBytes(record(key, value)));
    header("PaxHeader", 'x', "", 0644, body.size());
    return data(body.toByteArray());
  }

  private static byte[] record(String key, byte[] value) {
    int rest = key.length() + value.length + 3;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    var one = new ByteArrayOutputStream();
    one.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.ISO_8859_1));
    one.writeBytes(value);
    one.write('\n');
    return one.toByteArray();
  }

  public TarBuilder header(String name, char type, String link, int mode, long size) {
    return raw(checked(block(name, type, link, mode, size, 0)));
  }

  public TarBuilder owned(String name, byte[] content, int mode, int uid, long mtime) {
    byte[] block = block(name, '0', "", mode, content.length, mtime);
    put(block, 108, octal(uid, 7));
    put(block, 116, octal(uid, 7));
    raw(checked(block));
    return data(content);
  }

  private static byte[] block(
      String name, char type, String link, int mode, long size, long mtime) {
    byte[] block = new byte[512];
    put(block, 0, name.getBytes(StandardCharsets.ISO_8859_1));
    put(block, 100, octal(mode, 7));
    put(block, 108, octal(0, 7));
    put(block, 116, octal(0, 7));
    put(block, 124, octal(size, 11));
    put(block, 136, octal(mtime, 11));
    block[156] = (byte) type;
    put(block, 157, link.getBytes(StandardCharsets.ISO_8859_1));
    put(block, 257, "ustar\00000".getBytes(StandardCharsets.ISO_8859_1));
    return block;
  }

  private static byte[] checked(byte[] block) {
    put(block, 148, "        ".getBytes(StandardCharsets.ISO_8859_1));
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, octal(sum, 6));
    block[154] = 0;
    return block;
  }

  private static byte[] octal(long value, int digits) {
    return String.format("%0" + digits + "o", value).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void put(byte[] block, int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  public TarBuilder data(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    return this;
  }

  public TarBuilder raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public byte[] build() {
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(out.toByteArray());
    whole.writeBytes(new byte[1024]);
    return whole.toByteArray();
  }
}
