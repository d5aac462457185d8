package dev.berth.control.declaration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import dev.berth.model.identity.Region;
import dev.berth.model.task.LogConfiguration;
import dev.berth.model.task.TaskId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogCompilerTest {
  @Test
  void everyOptionIsCompiled() throws Exception {
    var log =
        LogCompiler.compile(
            container(
                """
                "awslogs-create-group": "true", "awslogs-multiline-pattern": "^ERROR",
                "mode": "blocking", "max-buffer-size": "25m"
                """));

    assertThat(log)
        .contains(
            new LogConfiguration(
                "/ecs/web",
                new Region("eu-west-1"),
                "web",
                true,
                Optional.of("^ERROR"),
                true,
                25L << 20));
    assertThat(log.orElseThrow().stream("app", new TaskId("0".repeat(32))))
        .isEqualTo("web/app/" + "0".repeat(32));
  }

  @Test
  void whatIsNotDeclaredIsAsOnAws() throws Exception {
    var log = LogCompiler.compile(container("\"mode\": \"non-blocking\"")).orElseThrow();

    assertThat(log.createGroup()).isFalse();
    assertThat(log.blocking()).isFalse();
    assertThat(log.eventStart()).isEmpty();
    assertThat(log.backlogByteCountMax()).isEqualTo(10L << 20);
    assertThat(LogCompiler.compile(new JsonMapper().createObjectNode())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "max-buffer-size, lots",
    "awslogs-multiline-pattern, (",
    "awslogs-region, no region",
    "awslogs-endpoint, https://logs.example",
  })
  void anOptionThatCannotBeIsNamed(String option, String value) throws Exception {
    var container = container("\"%s\": \"%s\"".formatted(option, value));

    assertThat(LogCompiler.violation(container, "containerDefinitions[0]"))
        .hasValueSatisfying(
            violation ->
                assertThat(violation.path())
                    .isEqualTo("containerDefinitions[0].logConfiguration.options." + option));
  }

  @ParameterizedTest
  @CsvSource({
    "'%b %d, %Y %H:%M:%S', 'Aug 03, 2026 10:11:12 failed', true",
    "'%b %d, %Y %H:%M:%S', '  at line 3', false",
    "'[%Y-%m-%dT%H:%M:%S%L]', '[2026-08-03T10:11:12.345] x', true",
    "'[%Y-%m-%dT%H:%M:%S%L]', '2026-08-03T10:11:12.345 x', false",
    "'100%', '100% sure', true",
  })
  void aTimesFormatSaysWhereAnEventBegins(String format, String line, boolean begins) {
    assertThat(Pattern.compile(DatetimeFormat.pattern(format)).matcher(line).find())
        .isEqualTo(begins);
  }

  private static JsonNode container(String options) throws Exception {
    return new JsonMapper()
        .readTree(
            """
            {"logConfiguration": {"logDriver": "awslogs", "options": {
              "awslogs-group": "/ecs/web", "awslogs-region": "eu-west-1",
              "awslogs-stream-prefix": "web", %s}}}
            """
                .formatted(options));
  }
}
