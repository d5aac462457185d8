package dev.berth.control.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The account settings that there are. Each takes the listed values, the first of which holds until
 * another is chosen.
 */
public final class SettingRules {
  private static final List<String> ON_OFF = List.of("enabled", "disabled");
  private static final List<String> OFF_ON = List.of("disabled", "enabled");

  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("serviceLongArnFormat", ON_OFF),
          Map.entry("taskLongArnFormat", ON_OFF),
          Map.entry("containerInstanceLongArnFormat", ON_OFF),
          Map.entry("awsvpcTrunking", OFF_ON),
          Map.entry("containerInsights", List.of("disabled", "enabled", "enhanced")),
          Map.entry("fargateFIPSMode", OFF_ON),
          Map.entry("tagResourceAuthorization", List.of("on", "off")),
          Map.entry("fargateTaskRetirementWaitPeriod", List.of("7", "0", "14")),
          Map.entry("guardDutyActivate", List.of("off", "on")),
          Map.entry("defaultLogDriverMode", List.of("non-blocking", "blocking")),
          Map.entry("fargateEventWindows", OFF_ON));

  private SettingRules() {}

  /** Their names, sorted. */
  public static List<String> names() {
    return VALUES.keySet().stream().sorted().toList();
  }

  /** What holds when nobody chose. */
  public static String usual(String name) throws Refused {
    return values(name).getFirst();
  }

  static void check(String name, String value) throws Refused {
    List<String> values = values(name);
    if (!values.contains(value)) {
      throw new Refused(
          new Refusal.InvalidParameter(
              "Invalid value '%s' for the setting '%s'. It must be one of %s."
                  .formatted(value, name, values.stream().sorted().toList())));
    }
  }

  private static List<String> values(String name) throws Refused {
    return Optional.ofNullable(VALUES.get(name))
        .orElseThrow(
            () ->
                new Refused(
                    new Refusal.InvalidParameter("There is no account setting '" + name + "'.")));
  }
}
