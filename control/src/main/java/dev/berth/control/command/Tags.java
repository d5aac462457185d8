package dev.berth.control.command;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What holds of a resource's tags; that of a single key or value the official model says. */
public final class Tags {
  /** Of one resource. */
  public static final int COUNT_MAX = 50;

  private static final String RESERVED_PREFIX = "aws:";

  private Tags() {}

  /** One tag as a client sent it. */
  public record Tag(String key, String value) {}

  /**
   * The tags by key.
   *
   * @throws Refused if a key is missing, reserved or there twice
   */
  public static Map<String, String> byKey(List<Tag> tags) throws Refused {
    var byKey = new HashMap<String, String>();
    for (Tag tag : tags) {
      if (tag.key().isEmpty()) {
        throw invalid("Tag keys must not be null or empty.");
      }
      if (tag.key().toLowerCase(Locale.ROOT).startsWith(RESERVED_PREFIX)) {
        throw invalid("Tag keys must not start with the reserved prefix 'aws:': " + tag.key());
      }
      if (byKey.put(tag.key(), tag.value()) != null) {
        throw invalid("Duplicate tag keys found. Tag keys must be unique: " + tag.key());
      }
    }
    if (byKey.size() > COUNT_MAX) {
      throw invalid("A resource can have at most 50 tags.");
    }
    return byKey;
  }

  /** Tags with others added, which are stronger. */
  static Map<String, String> merged(Map<String, String> known, Map<String, String> added)
      throws Refused {
    var merged = new HashMap<>(known);
    merged.putAll(added);
    if (merged.size() > COUNT_MAX) {
      throw invalid("A resource can have at most 50 tags.");
    }
    return merged;
  }

  private static Refused invalid(String message) {
    return new Refused(new Refusal.InvalidParameter(message));
  }
}
