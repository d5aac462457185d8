package dev.berth.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.cli.endpoint.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real {@code aws} command, talking to Berth. */
final class Aws {
  private static final JsonMapper JSON = new JsonMapper();

  /** Where a distribution puts it: a person's own newer one may come first on the path. */
  private static final Path PROGRAM = Path.of("/usr/bin/aws");

  private final Endpoint endpoint;

  Aws(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Calls {@code aws ecs}, which must succeed, and reads its answer. */
  JsonNode ecs(String... words) throws IOException, InterruptedException {
    return call("ecs", words);
  }

  /** The same of {@code aws ec2}. */
  JsonNode ec2(String... words) throws IOException, InterruptedException {
    return call("ec2", words);
  }

  /** The same of {@code aws logs}. */
  JsonNode logs(String... words) throws IOException, InterruptedException {
    return call("logs", words);
  }

  /** What a call of a service that succeeds prints. */
  String text(String service, String... words) throws IOException, InterruptedException {
    Ended ended = end(service, words);
    assertThat(ended.exitCode()).as(ended.complaints()).isZero();
    return ended.answer();
  }

  /** Calls a service, which must succeed, and reads its answer. */
  JsonNode call(String service, String... words) throws IOException, InterruptedException {
    Ended ended = end(service, words);
    assertThat(ended.exitCode())
        .as("aws %s %s: %s", service, String.join(" ", words), ended.complaints())
        .isZero();
    return ended.answer().isBlank() ? JSON.createObjectNode() : JSON.readTree(ended.answer());
  }

  /** Calls a service, which must refuse, and answers what the command says of it. */
  String refusal(String service, String... words) throws IOException, InterruptedException {
    Ended ended = end(service, words);
    assertThat(ended.exitCode())
        .as("aws %s %s: %s", service, String.join(" ", words), ended.answer())
        .isNotZero();
    return ended.complaints().strip();
  }

  private record Ended(int exitCode, String answer, String complaints) {}

  private Ended end(String service, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Files.isExecutable(PROGRAM) ? PROGRAM.toString() : "aws");
    // Older ones know no variable for it.
    command.addAll(
        List.of("--endpoint-url", endpoint.uri().toString(), "--output", "json", service));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command);
    builder.environment().put("AWS_ACCESS_KEY_ID", endpoint.credentials().accessKeyId());
    builder.environment().put("AWS_SECRET_ACCESS_KEY", endpoint.credentials().secretAccessKey());
    if (!endpoint.credentials().sessionToken().isEmpty()) {
      builder.environment().put("AWS_SESSION_TOKEN", endpoint.credentials().sessionToken());
    }
    builder.environment().put("AWS_DEFAULT_REGION", endpoint.region());
    builder.environment().put("AWS_REGION", endpoint.region());
    builder.environment().put("AWS_MAX_ATTEMPTS", "1");
    builder.environment().put("AWS_PAGER", "");
    // What the command prints of an error is not all ASCII.
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    Path complaints = Files.createTempFile("aws-", ".err");
    try {
      Process process = builder.redirectError(complaints.toFile()).start();
      process.getOutputStream().close();
      var answer = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ended(process.waitFor(), answer, Files.readString(complaints));
    } finally {
      Files.delete(complaints);
    }
  }
}
