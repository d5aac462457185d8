package dev.berth.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.store.Entry;
import dev.berth.store.StoreException;
import dev.berth.store.Value;
import dev.berth.store.Write;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How things are laid out as bytes, all numbers big-endian.
 *
 * <pre>
 * entries   key (UTF-8)       → version (8), value
 * history   revision (8)      → for each write: kind (1), key length (4), key, and for a put: value length (4), value
 * </pre>
 *
 * <p>A value is in both: a watch must show what it was then, and reading ranges must not follow
 * pointers.
 */
final class Records {
  private static final byte PUT = 1;
  private static final byte DELETE = 2;

  private Records() {}

  static byte[] key(String key) {
    return key.getBytes(UTF_8);
  }

  static String key(byte[] stored) {
    return new String(stored, UTF_8);
  }

  /**
   * The first key after all that begin with the prefix. No byte of UTF-8 is 0xff, so adding one
   * never carries.
   */
  static byte[] endOf(byte[] prefix) {
    var end = prefix.clone();
    end[end.length - 1]++;
    return end;
  }

  static byte[] revision(long revision) {
    return ByteBuffer.allocate(Long.BYTES).putLong(revision).array();
  }

  static long revision(byte[] stored) {
    return ByteBuffer.wrap(stored).getLong();
  }

  static byte[] entry(Value value, long version) {
    return ByteBuffer.allocate(Long.BYTES + value.sizeBytes())
        .putLong(version)
        .put(value.bytes())
        .array();
  }

  static Entry entry(String key, byte[] stored) {
    if (stored.length < Long.BYTES) {
      throw new StoreException.Damaged(
          "the record of " + key + " has only " + stored.length + " bytes");
    }
    var value = Value.of(Arrays.copyOfRange(stored, Long.BYTES, stored.length));
    return new Entry(key, value, ByteBuffer.wrap(stored).getLong());
  }

  static byte[] changes(List<Write> writes) {
    int sizeBytes = 0;
    for (var write : writes) {
      sizeBytes +=
          switch (write) {
            case Write.Put(var key, var value) -> 9 + key(key).length + value.sizeBytes();
            case Write.Delete(var key) -> 5 + key(key).length;
          };
    }
    var stored = ByteBuffer.allocate(sizeBytes);
    for (var write : writes) {
      var key = key(write.key());
      switch (write) {
        case Write.Put(_, var value) ->
            stored
                .put(PUT)
                .putInt(key.length)
                .put(key)
                .putInt(value.sizeBytes())
                .put(value.bytes());
        case Write.Delete _ -> stored.put(DELETE).putInt(key.length).put(key);
      }
    }
    return stored.array();
  }

  /** The writes whose key begins with the prefix. */
  static List<Write> changes(long revision, byte[] stored, String prefix) {
    try {
      var writes = new ArrayList<Write>();
      var left = ByteBuffer.wrap(stored);
      while (left.hasRemaining()) {
        byte kind = left.get();
        var key = key(take(left));
        Write write =
            switch (kind) {
              case PUT -> new Write.Put(key, Value.of(take(left)));
              case DELETE -> new Write.Delete(key);
              default ->
                  throw new StoreException.Damaged(
                      "revision %d has a write of kind %d".formatted(revision, kind));
            };
        if (key.startsWith(prefix)) {
          writes.add(write);
        }
      }
      return writes;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new StoreException.Damaged(
          "the history of revision %d cannot be read".formatted(revision), e);
    }
  }

  private static byte[] take(ByteBuffer left) {
    int length = left.getInt();
    if (length < 0 || length > left.remaining()) {
      throw new BufferUnderflowException();
    }
    var bytes = new byte[length];
    left.get(bytes);
    return bytes;
  }
}
