package dev.berth.logs;

import java.util.Map;
import java.util.OptionalInt;

/**
 * What may change of a group.
 *
 * @param retentionDays how long events are kept; for ever when absent
 * @param logClass as AWS calls it, such as {@code STANDARD}
 */
public record GroupSettings(OptionalInt retentionDays, Map<String, String> tags, String logClass) {
  public static final GroupSettings STANDARD =
      new GroupSettings(OptionalInt.empty(), Map.of(), "STANDARD");

  public GroupSettings {
    tags = Map.copyOf(tags);
  }

  public GroupSettings withRetentionDays(OptionalInt days) {
    return new GroupSettings(days, tags, logClass);
  }

  public GroupSettings withTags(Map<String, String> changed) {
    return new GroupSettings(retentionDays, changed, logClass);
  }
}
