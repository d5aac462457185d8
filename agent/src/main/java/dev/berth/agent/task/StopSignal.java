package dev.berth.agent.task;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The signal that asks a container to end, by the number that Linux gives it on x86 and ARM. */
final class StopSignal {
  static final int SIGTERM = 15;
  static final int SIGKILL = 9;

  /** The highest real-time signal; nothing above it can be sent. */
  private static final int NUMBER_MAX = 64;

  private static final int REAL_TIME_MIN = 34;

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("HUP", 1),
          Map.entry("INT", 2),
          Map.entry("QUIT", 3),
          Map.entry("ABRT", 6),
          Map.entry("KILL", SIGKILL),
          Map.entry("USR1", 10),
          Map.entry("USR2", 12),
          Map.entry("ALRM", 14),
          Map.entry("TERM", SIGTERM),
          Map.entry("CONT", 18),
          Map.entry("TSTP", 20),
          Map.entry("WINCH", 28),
          Map.entry("IO", 29),
          Map.entry("PWR", 30),
          Map.entry("RTMIN", REAL_TIME_MIN),
          Map.entry("RTMAX", NUMBER_MAX));

  private StopSignal() {}

  /** An image's stop signal, a name or a number; SIGTERM where it has none that Linux knows. */
  static int number(Optional<String> declared) {
    return declared.map(text -> number(text.strip())).orElse(SIGTERM);
  }

  private static int number(String text) {
    if (text.chars().allMatch(Character::isDigit) && !text.isEmpty() && text.length() <= 2) {
      int number = Integer.parseInt(text);
      return number >= 1 && number <= NUMBER_MAX ? number : SIGTERM;
    }
    var name = text.toUpperCase(Locale.ROOT);
    name = name.startsWith("SIG") ? name.substring("SIG".length()) : name;
    if (name.startsWith("RTMIN+") && name.substring("RTMIN+".length()).matches("[0-9]{1,2}")) {
      int number = REAL_TIME_MIN + Integer.parseInt(name.substring("RTMIN+".length()));
      return number <= NUMBER_MAX ? number : SIGTERM;
    }
    return NUMBERS.getOrDefault(name, SIGTERM);
  }
}
