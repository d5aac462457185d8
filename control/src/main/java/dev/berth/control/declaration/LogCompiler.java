package dev.berth.control.declaration;

import static dev.berth.control.declaration.DeclaredTree.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.berth.model.identity.Region;
import dev.berth.model.task.LogConfiguration;
import java.util.Locale;
import java.util.Optional;

/** Compiles a container's {@code awslogs} configuration. */
final class LogCompiler {
  private static final String DRIVER = "awslogs";

  /** Where none is declared, which Fargate does not accept. */
  private static final String PREFIX = "ecs";

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([bkmg]?)b?");

  private LogCompiler() {}

  /** Whether a container's log configuration is acted upon; true if it has none. */
  static boolean isBuilt(JsonNode container) {
    JsonNode log = container.path("logConfiguration");
    return !DeclaredTree.has(container, "logConfiguration")
        || (log.path("logDriver").asText().equals(DRIVER)
            && !DeclaredTree.has(log, "secretOptions"));
  }

  static Optional<LogConfiguration> compile(JsonNode container) {
    JsonNode log = container.path("logConfiguration");
    if (!log.path("logDriver").asText().equals(DRIVER)) {
      return Optional.empty();
    }
    JsonNode options = log.path("options");
    return Optional.of(
        new LogConfiguration(
            options.path("awslogs-group").asText(),
            new Region(options.path("awslogs-region").asText()),
            text(options, "awslogs-stream-prefix").orElse(PREFIX),
            options.path("awslogs-create-group").asText().equalsIgnoreCase("true"),
            eventStart(options),
            options.path("mode").asText().equals("blocking"),
            text(options, "max-buffer-size")
                .flatMap(LogCompiler::byteCount)
                .orElse(LogConfiguration.BACKLOG_BYTE_COUNT_STANDARD)));
  }

  /** A time's format is stronger than a pattern, as in the driver that AWS uses. */
  private static Optional<String> eventStart(JsonNode options) {
    return text(options, "awslogs-datetime-format")
        .map(DatetimeFormat::pattern)
        .or(() -> text(options, "awslogs-multiline-pattern"));
  }

  /** What is wrong with the options; empty if nothing is. */
  static Optional<Violation> violation(JsonNode container, String path) {
    JsonNode options = container.path("logConfiguration").path("options");
    String at = path + ".logConfiguration.options.";
    Optional<String> region = text(options, "awslogs-region");
    if (region.isPresent() && !Region.isName(region.get())) {
      return Optional.of(
          new Violation(at + "awslogs-region", "'" + region.get() + "' is not a region's name."));
    }
    Optional<String> size = text(options, "max-buffer-size");
    if (size.isPresent() && byteCount(size.get()).isEmpty()) {
      return Optional.of(
          new Violation(at + "max-buffer-size", "'" + size.get() + "' is not a size."));
    }
    Optional<Violation> endpoint = LogRules.endpoint(container, path);
    if (endpoint.isPresent()) {
      return endpoint;
    }
    try {
      eventStart(options).ifPresent(Pattern::compile);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(
          new Violation(
              at + "awslogs-multiline-pattern", "It is no regular expression: " + e.getMessage()));
    }
  }

  /** Such as {@code 25m}. */
  static Optional<Long> byteCount(String text) {
    var matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return Optional.of(Long.parseLong(matcher.group(1)) << shift);
  }
}
