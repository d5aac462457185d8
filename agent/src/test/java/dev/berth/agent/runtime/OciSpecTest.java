package dev.berth.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.berth.model.image.ImageConfig;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class OciSpecTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ContainerUser USER =
      new ContainerUser(1000, 1001, List.of(2000), "/home/worker");

  @Test
  void aPlanBecomesTheGoldenConfiguration() throws Exception {
    var linux =
        new LinuxParameters(
            List.of("SYS_PTRACE"),
            List.of("MKNOD"),
            true,
            List.of(new LinuxParameters.Ulimit("core", 0, -1)),
            List.of(new LinuxParameters.Tmpfs("/scratch", 64, List.of("mode=700"))),
            Map.of("net.core.somaxconn", "1024"));
    var config = build(linux, Optional.of(List.of("run", "it")), Optional.empty(), 100_000);
    try (var golden = OciSpecTest.class.getResourceAsStream("oci-config.json")) {
      assertThat(golden).isNotNull();
      var expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(config))
          .isEqualTo(expected);
    }
  }

  @Test
  void anOverriddenEntryPointDropsTheImagesCommand() throws Exception {
    assertThat(arguments(Optional.empty(), Optional.empty())).containsExactly("entry", "command");
    assertThat(arguments(Optional.of(List.of("c")), Optional.empty()))
        .containsExactly("entry", "c");
    assertThat(arguments(Optional.empty(), Optional.of(List.of("e")))).containsExactly("e");
    assertThat(arguments(Optional.of(List.of("c")), Optional.of(List.of("e"))))
        .containsExactly("e", "c");
    assertThatThrownBy(() -> arguments(Optional.of(List.of()), Optional.of(List.of())))
        .hasMessageContaining("no command is declared");
  }

  @Test
  void aLimitThatNobodyAskedForIsCutAndOneThatWasIsRefused() throws Exception {
    var cut = build(LinuxParameters.NONE, Optional.empty(), Optional.empty(), 20_000);
    assertThat(cut.at("/process/rlimits/0/hard").asInt()).isEqualTo(20_000);
    var full = build(LinuxParameters.NONE, Optional.empty(), Optional.empty(), 100_000);
    assertThat(full.at("/process/rlimits/0/hard").asInt()).isEqualTo(65_535);
    var asked =
        new LinuxParameters(
            List.of(),
            List.of(),
            false,
            List.of(new LinuxParameters.Ulimit("nofile", 30_000, 30_000)),
            List.of(),
            Map.of());
    assertThatThrownBy(() -> build(asked, Optional.empty(), Optional.empty(), 20_000))
        .hasMessageContaining("ulimit nofile 30000 is above this host's limit of 20000");
  }

  private static List<String> arguments(
      Optional<List<String>> command, Optional<List<String>> entryPoint) throws Exception {
    var config = build(LinuxParameters.NONE, command, entryPoint, 100_000);
    return config.at("/process/args").valueStream().map(JsonNode::asText).toList();
  }

  private static JsonNode build(
      LinuxParameters linux,
      Optional<List<String>> command,
      Optional<List<String>> entryPoint,
      long openFilesMax)
      throws Exception {
    var spec =
        new OciSpec(
            new OciSpec.Seccomp(new RawValue("{\"defaultAction\":\"x\"}"), Optional.of("QUJD")),
            Optional.of(Path.of("/usr/bin/catatonit")),
            new HostLimits(Map.of("nofile", openFilesMax, "core", Long.MAX_VALUE), false, 0));
    var built = spec.build(plan(linux, command, entryPoint), USER, etc(), Optional.empty());
    return MAPPER.readTree(MAPPER.writeValueAsBytes(built));
  }

  private static OciSpec.EtcFiles etc() {
    return new OciSpec.EtcFiles(Path.of("/b/hosts"), Path.of("/b/hostname"), Path.of("/b/resolv"));
  }

  private static ContainerPlan plan(
      LinuxParameters linux, Optional<List<String>> command, Optional<List<String>> entryPoint) {
    var task = new TaskId("0123456789abcdef0123456789abcdef");
    var spec =
        new ContainerSpec(
            "main",
            "image",
            true,
            command,
            entryPoint,
            Map.of("B", "declared"),
            Optional.empty(),
            Optional.of("work"),
            256,
            OptionalInt.of(512),
            OptionalInt.of(256),
            30,
            true,
            false,
            true,
            linux,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new ContainerPlan(
        new ContainerKey(task, "main"),
        spec,
        new TaskSize(256, 512),
        new ImageConfig(
            Map.of("A", "image", "B", "image"),
            List.of("entry"),
            List.of("command"),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty()),
        Path.of("/roots/main"),
        Map.of(),
        Path.of("/run/netns/7"),
        "100.64.0.7",
        "/berth/task/c-main",
        Map.of("B", "berth", "C", "berth"),
        "host",
        Optional.empty(),
        Optional.empty());
  }
}
