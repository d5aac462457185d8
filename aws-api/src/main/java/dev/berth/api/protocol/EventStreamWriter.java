package dev.berth.api.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes messages of AWS's event stream: lengths and their checksum, headers, payload, and the
 * checksum of all of it. Fact: "Amazon Event Stream Specification" of Smithy.
 */
public final class EventStreamWriter {
  public static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

  private static final byte STRING_TYPE = 7;
  private static final int FRAME_BYTE_COUNT = 16;

  private final OutputStream target;

  public EventStreamWriter(OutputStream target) {
    this.target = target;
  }

  /** Writes an event, and flushes. */
  public void event(String type, byte[] json) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    headers.put(":message-type", "event");
    headers.put(":event-type", type);
    headers.put(":content-type", "application/json");
    write(headers, json);
  }

  /** Writes an error, and flushes. */
  public void error(String type, byte[] json) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    headers.put(":message-type", "exception");
    headers.put(":exception-type", type);
    headers.put(":content-type", "application/json");
    write(headers, json);
  }

  private void write(Map<String, String> headers, byte[] payload) throws IOException {
    byte[] head = encoded(headers);
    var bytes = new ByteArrayOutputStream(FRAME_BYTE_COUNT + head.length + payload.length);
    var out = new DataOutputStream(bytes);
    out.writeInt(FRAME_BYTE_COUNT + head.length + payload.length);
    out.writeInt(head.length);
    out.writeInt(sum(bytes));
    out.write(head);
    out.write(payload);
    out.writeInt(sum(bytes));
    bytes.writeTo(target);
    target.flush();
  }

  private static byte[] encoded(Map<String, String> headers) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (var header : headers.entrySet()) {
      byte[] name = header.getKey().getBytes(UTF_8);
      byte[] value = header.getValue().getBytes(UTF_8);
      out.writeByte(name.length);
      out.write(name);
      out.writeByte(STRING_TYPE);
      out.writeShort(value.length);
      out.write(value);
    }
    return bytes.toByteArray();
  }

  private static int sum(ByteArrayOutputStream bytes) {
    var sum = new CRC32();
    sum.update(bytes.toByteArray());
    return (int) sum.getValue();
  }
}
