package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.has;
import static dev.berth.control.declaration.DeclaredTree.number;
import static dev.berth.control.declaration.DeclaredTree.objects;
import static dev.berth.control.declaration.Rule.elements;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.control.declaration.Rule.Element;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Port mappings. That a host's ports must match is in AWS's words. */
final class PortRules {
  private static final int PORT_MAX = 65_535;
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");

  private PortRules() {}

  static Stream<Violation> violations(ObjectNode container, ObjectNode task) {
    boolean awsvpc = Compatibilities.usesAwsvpc(task);
    String self = EveryTaskRules.invalid(container);
    return elements(container, "portMappings").flatMap(mapping -> mapping(mapping, awsvpc, self));
  }

  private static Stream<Violation> mapping(Element mapping, boolean awsvpc, String self) {
    ObjectNode node = mapping.node();
    int containerPort = number(node, "containerPort").orElse(0);
    int hostPort = number(node, "hostPort").orElse(0);
    if (has(node, "containerPortRange")) {
      if (has(node, "containerPort")) {
        return Stream.of(
            mapping.violation(
                "containerPortRange",
                self + "'containerPort' and 'containerPortRange' cannot both be specified."));
      }
      return isRange(node.path("containerPortRange").asText())
          ? Stream.empty()
          : Stream.of(
              mapping.violation(
                  "containerPortRange",
                  self + "'containerPortRange' must be two ports between 1 and 65535, as 1-100."));
    }
    if (containerPort < 1 || containerPort > PORT_MAX) {
      return Stream.of(
          mapping.violation(
              "containerPort", self + "'containerPort' must be between 1 and 65535."));
    }
    return awsvpc && hostPort != 0 && hostPort != containerPort
        ? Stream.of(
            mapping.violation(
                "hostPort",
                "When networkMode=awsvpc, the host ports and container ports in port mappings must"
                    + " match."))
        : Stream.empty();
  }

  private static boolean isRange(String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    int first = Integer.parseInt(matcher.group(1));
    int last = Integer.parseInt(matcher.group(2));
    return first >= 1 && first <= last && last <= PORT_MAX;
  }

  /** All containers of a task share one address, and so its ports, and the ports' names. */
  static Optional<String> twice(ObjectNode task) {
    boolean awsvpc = Compatibilities.usesAwsvpc(task);
    Set<String> taken = new HashSet<>();
    for (ObjectNode container : objects(task, "containerDefinitions")) {
      for (ObjectNode mapping : objects(container, "portMappings")) {
        String port = mapping.path("containerPort").asText();
        String protocol = mapping.path("protocol").asText("tcp");
        if (awsvpc && !port.isEmpty() && !taken.add(protocol + " " + port)) {
          return Optional.of(
              "The container port " + port + " (" + protocol + ") is mapped more than once.");
        }
        String name = mapping.path("name").asText();
        if (!name.isEmpty() && !taken.add("name " + name)) {
          return Optional.of("The port mapping name '" + name + "' is not unique.");
        }
      }
    }
    return Optional.empty();
  }
}
