package dev.berth.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What must be true, and what then is to be written, as one.
 *
 * <p>The bounds are the same for every store, so that what works on one machine works on several:
 * they fit the limits that etcd has unless configured otherwise (128 operations and 1.5 MiB a
 * request).
 *
 * @param compares at most {@link #OPERATION_COUNT_MAX}, no key or prefix twice
 * @param writes at most {@link #OPERATION_COUNT_MAX} and {@link #WRITE_BYTES_MAX}, no key twice
 */
public record Transaction(List<Compare> compares, List<Write> writes) {
  public static final int OPERATION_COUNT_MAX = 128;

  /** The sum over all keys and values written. */
  public static final int WRITE_BYTES_MAX = 1 << 20;

  public Transaction {
    compares = List.copyOf(compares);
    writes = List.copyOf(writes);
    if (compares.size() > OPERATION_COUNT_MAX || writes.size() > OPERATION_COUNT_MAX) {
      throw new IllegalArgumentException(
          "a transaction has %d compares and %d writes, more than %d"
              .formatted(compares.size(), writes.size(), OPERATION_COUNT_MAX));
    }
    requireDistinct(compares.stream().map(Transaction::subject).toList(), "requires");
    requireDistinct(writes.stream().map(Write::key).toList(), "writes");
    long sizeBytes = sizeBytes(writes);
    if (sizeBytes > WRITE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a transaction writes %d bytes, more than %d".formatted(sizeBytes, WRITE_BYTES_MAX));
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The bytes of all keys and values written. */
  public long sizeBytes() {
    return sizeBytes(writes);
  }

  /**
   * The keys that are not as required, in the order of the compares; empty if the transaction may
   * be applied. For a prefix that is not free it is the first key below it.
   */
  public List<String> conflicts(Versions versions) {
    return compares.stream().flatMap(compare -> conflict(compare, versions).stream()).toList();
  }

  private static Optional<String> conflict(Compare compare, Versions versions) {
    return switch (compare) {
      case Compare.AtVersion(var key, var version) ->
          versions.versionOf(key) == version ? Optional.empty() : Optional.of(key);
      case Compare.PrefixFree(var prefix) -> versions.firstKey(prefix);
    };
  }

  /** The key of a version, told apart from a prefix that reads the same. */
  private static Object subject(Compare compare) {
    return switch (compare) {
      case Compare.AtVersion(var key, _) -> key;
      case Compare.PrefixFree free -> free;
    };
  }

  private static long sizeBytes(List<Write> writes) {
    long sizeBytes = 0;
    for (var write : writes) {
      sizeBytes +=
          switch (write) {
            case Write.Put(var key, var value) -> key.getBytes(UTF_8).length + value.sizeBytes();
            case Write.Delete(var key) -> key.getBytes(UTF_8).length;
          };
    }
    return sizeBytes;
  }

  private static void requireDistinct(List<?> subjects, String verb) {
    var seen = new HashSet<Object>();
    for (var subject : subjects) {
      if (!seen.add(subject)) {
        throw new IllegalArgumentException("a transaction " + verb + " " + subject + " twice");
      }
    }
  }

  /** Collects a transaction. Not for use by several threads. */
  public static final class Builder {
    private final List<Compare> compares = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();

    private Builder() {}

    /** Requires the key to be at this version: unchanged since it was read. 0 means absent. */
    public Builder requireVersion(String key, long version) {
      compares.add(new Compare.AtVersion(key, version));
      return this;
    }

    public Builder requireAbsent(String key) {
      return requireVersion(key, 0);
    }

    /** Requires that no key begins with the prefix. */
    public Builder requirePrefixFree(String prefix) {
      compares.add(new Compare.PrefixFree(prefix));
      return this;
    }

    public Builder put(String key, Value value) {
      writes.add(new Write.Put(key, value));
      return this;
    }

    public Builder delete(String key) {
      writes.add(new Write.Delete(key));
      return this;
    }

    public Transaction build() {
      return new Transaction(compares, writes);
    }
  }
}
