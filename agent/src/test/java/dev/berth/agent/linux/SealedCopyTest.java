package dev.berth.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SealedCopyTest {
  private static final Path PROGRAM = Path.of("/bin/echo");

  @Test
  void itRunsAsTheProgramDoes() throws Exception {
    var copy = SealedCopy.of(PROGRAM);

    var process = new ProcessBuilder(copy.path().toString(), "hello").start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("hello\n");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void nobodyCanChangeIt() throws Exception {
    var copy = SealedCopy.of(PROGRAM);

    assertThatThrownBy(() -> Files.write(copy.path(), new byte[] {1}))
        .isInstanceOf(IOException.class);
    assertThat(Files.readAllBytes(copy.path())).isEqualTo(Files.readAllBytes(PROGRAM));
  }
}
