package dev.berth.agent.runtime;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/** The kernel capabilities of a container's processes. */
final class Capabilities {
  /** Docker's default set. */
  private static final List<String> USUAL =
      List.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private static final String ALL = "ALL";

  private Capabilities() {}

  /**
   * The usual ones without those dropped, then those added; with the prefix CAP_, in that order.
   */
  static List<String> of(List<String> added, List<String> dropped) {
    var names = new LinkedHashSet<>(USUAL);
    for (var name : dropped) {
      if (bare(name).equals(ALL)) {
        names.clear();
      } else {
        names.remove(bare(name));
      }
    }
    added.forEach(name -> names.add(bare(name)));
    return names.stream().map(name -> "CAP_" + name).toList();
  }

  private static String bare(String name) {
    var upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith("CAP_") ? upper.substring("CAP_".length()) : upper;
  }
}
