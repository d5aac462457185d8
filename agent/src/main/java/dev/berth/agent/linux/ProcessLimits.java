package dev.berth.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** This process's resource limits, by the kernel's names in lower case, such as {@code nofile}. */
public final class ProcessLimits {
  /** In the kernel's order (asm-generic/resource.h): the position is the number. */
  public static final List<String> NAMES =
      List.of(
          "cpu",
          "fsize",
          "data",
          "stack",
          "core",
          "rss",
          "nproc",
          "nofile",
          "memlock",
          "as",
          "locks",
          "sigpending",
          "msgqueue",
          "nice",
          "rtprio",
          "rttime");

  private static final NativeCall GET = NativeCall.ofInt("getrlimit", JAVA_INT, ADDRESS);

  private ProcessLimits() {}

  /** The hard limits; no limit is the largest number. */
  public static Map<String, Long> hardLimits() throws IOException {
    return NativeCall.withMemory(
        arena -> {
          var limits = new LinkedHashMap<String, Long>();
          var pair = arena.allocate(JAVA_LONG, 2);
          for (int i = 0; i < NAMES.size(); i++) {
            GET.on(NAMES.get(i), i, pair);
            long hard = pair.getAtIndex(JAVA_LONG, 1);
            limits.put(NAMES.get(i), hard < 0 ? Long.MAX_VALUE : hard);
          }
          return limits;
        });
  }
}
