package dev.berth.control.declaration;

import static dev.berth.control.declaration.Rule.container;
import static dev.berth.control.declaration.Rule.elements;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.control.declaration.Rule.Element;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Limits and parameters of the kernel. AWS's words for them are not known. */
final class KernelRules {
  /** What the kernel keeps for a network or IPC namespace: anything else is the whole host's. */
  private static final Pattern NAMESPACED =
      Pattern.compile(
          "net\\.[A-Za-z0-9_./-]+|fs\\.mqueue\\.[a-z_]+|kernel\\.(msgmax|msgmnb|msgmni|sem|shmall"
              + "|shmmax|shmmni|shm_rmid_forced)");

  private KernelRules() {}

  static final List<Rule> ALL =
      List.of(container(KernelRules::ulimits), container(KernelRules::systemControls));

  private static Stream<Violation> ulimits(ObjectNode container, ObjectNode task) {
    Set<String> seen = new HashSet<>();
    return elements(container, "ulimits").flatMap(limit -> ulimit(container, limit, seen));
  }

  private static Stream<Violation> ulimit(ObjectNode container, Element limit, Set<String> seen) {
    String name = limit.node().path("name").asText();
    String self = EveryTaskRules.invalid(container);
    long soft = limit.node().path("softLimit").asLong();
    long hard = limit.node().path("hardLimit").asLong();
    if (!seen.add(name)) {
      return Stream.of(limit.violation("name", self + "Duplicate ulimit '" + name + "'."));
    }
    if (soft < -1 || hard < -1) {
      return Stream.of(
          limit.violation(
              soft < -1 ? "softLimit" : "hardLimit",
              self + "Ulimit '" + name + "' must not be negative, but for -1, unlimited."));
    }
    // -1 is unlimited, which is more than any number.
    boolean over = hard >= 0 && (soft < 0 || soft > hard);
    return over
        ? Stream.of(
            limit.violation(
                "softLimit",
                self
                    + "Ulimit '"
                    + name
                    + "': the soft limit must not be greater than the hard limit."))
        : Stream.empty();
  }

  private static Stream<Violation> systemControls(ObjectNode container, ObjectNode task) {
    return elements(container, "systemControls")
        .filter(control -> !NAMESPACED.matcher(control.node().path("namespace").asText()).matches())
        .map(
            control ->
                control.violation(
                    "namespace",
                    EveryTaskRules.invalid(container)
                        + "System control '"
                        + control.node().path("namespace").asText()
                        + "' is not of a task's own network or IPC namespace."));
  }
}
