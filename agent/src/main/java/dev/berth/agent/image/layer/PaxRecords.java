package dev.berth.agent.image.layer;

import dev.berth.model.image.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The records of a pax extended header: {@code "<length> <key>=<value>\n"}, values as bytes. */
final class PaxRecords {
  static final PaxRecords NONE = new PaxRecords();

  private static final String ATTRIBUTE = "SCHILY.xattr.";

  private final Map<String, byte[]> values = new HashMap<>();
  private final Map<String, byte[]> attributes = new LinkedHashMap<>();

  /** GNU sparse 0.0 repeats two keys, so its map is collected in order. */
  private final List<String> sparseNumbers = new ArrayList<>();

  private PaxRecords() {}

  static PaxRecords parse(byte[] data) throws ImageException {
    var records = new PaxRecords();
    int at = 0;
    while (at < data.length) {
      at = records.parseOne(data, at);
    }
    return records;
  }

  private int parseOne(byte[] data, int start) throws ImageException {
    int at = start;
    int length = 0;
    while (at < data.length && data[at] >= '0' && data[at] <= '9' && length < data.length) {
      length = length * 10 + (data[at++] - '0');
    }
    int end = start + length;
    boolean framed =
        at < data.length && data[at] == ' ' && length > at - start && end <= data.length;
    if (!framed || data[end - 1] != '\n') {
      throw TarReader.malformed("an extended header has a wrong length");
    }
    int keyStart = at + 1;
    int equals = keyStart;
    while (equals < end && data[equals] != '=') {
      equals++;
    }
    if (equals == end || equals == keyStart) {
      throw TarReader.malformed("an extended header has no key");
    }
    String key = new String(data, keyStart, equals - keyStart, StandardCharsets.ISO_8859_1);
    put(key, Arrays.copyOfRange(data, equals + 1, end - 1));
    return end;
  }

  private void put(String key, byte[] value) {
    if (key.startsWith(ATTRIBUTE)) {
      attributes.put(key.substring(ATTRIBUTE.length()), value);
    } else if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      sparseNumbers.add(latin1(value));
    } else if (value.length == 0) {
      values.remove(key); // POSIX: an empty value takes a record back.
    } else {
      values.put(key, value);
    }
  }

  Map<String, byte[]> attributes() {
    return attributes;
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(PaxRecords::latin1);
  }

  /** A decimal number; the fraction of a time is cut off, see {@link #nanos}. */
  Optional<Long> number(String key) throws ImageException {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int point = text.get().indexOf('.');
    return Optional.of(decimal(point < 0 ? text.get() : text.get().substring(0, point)));
  }

  /** The fraction of a time in nanoseconds. */
  int nanos(String key) throws ImageException {
    String text = text(key).orElse("");
    int point = text.indexOf('.');
    if (point < 0) {
      return 0;
    }
    String nine = (text.substring(point + 1) + "000000000").substring(0, 9);
    return (int) decimal(nine);
  }

  /** Offsets and lengths in turn, of the forms 0.0 and 0.1; empty for others. */
  List<Long> sparseMap() throws ImageException {
    List<String> numbers =
        text("GNU.sparse.map").map(map -> List.of(map.split(",", -1))).orElse(sparseNumbers);
    List<Long> map = new ArrayList<>(numbers.size());
    for (String number : numbers) {
      map.add(decimal(number));
    }
    return map;
  }

  static long decimal(String text) throws ImageException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw TarReader.malformed("an extended header has a number that is not decimal");
    }
  }

  private static String latin1(byte[] value) {
    return new String(value, StandardCharsets.ISO_8859_1);
  }
}
