package dev.berth.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SpawnerTest {
  private ReadinessWatcher watcher;
  private Spawner spawner;

  @BeforeEach
  void open() throws Exception {
    watcher = new ReadinessWatcher();
    spawner = new Spawner(watcher);
  }

  @AfterEach
  void close() {
    watcher.close();
  }

  @Test
  void aProgramInheritsNothingButWhatItIsGiven() throws Exception {
    var told =
        run(
            "read -r line < /proc/self/stat; echo $line; pwd; env; ls /proc/self/fd; cat /proc/self/status");
    assertThat(told)
        .contains("GIVEN=yes")
        .doesNotContain("JAVA_HOME")
        .containsPattern("SigIgn:\\s+0000000000000000")
        .containsPattern("SigBlk:\\s+0000000000000000");
    assertThat(told.lines()).as("its working directory").contains("/usr");
    assertThat(told.lines().filter(line -> line.matches("[0-9]+"))).isSubsetOf("0", "1", "2", "3");
    var stat = told.lines().findFirst().orElseThrow().split(" ", -1);
    assertThat(stat[5]).as("its session is its own").isEqualTo(stat[0]);
  }

  @Test
  void itsExitCodeOrSignalIsTold() throws Exception {
    assertThat(spawn(List.of("/bin/sh", "-c", "exit 9"), List.of()).await(5000)).isEqualTo(9);
    assertThat(spawn(List.of("/bin/sh", "-c", "kill -9 $$"), List.of()).await(5000)).isEqualTo(137);
  }

  @Test
  void aMissingProgramIsToldAtOnce() {
    assertThatThrownBy(() -> spawn(List.of("/no/such"), List.of()))
        .isInstanceOf(LinuxException.class)
        .hasMessage("posix_spawn /no/such: ENOENT");
  }

  private Spawner.Child spawn(List<String> command, List<Descriptor> descriptors) throws Exception {
    return spawner.spawn(
        new Spawner.Command(
            command,
            Path.of("/usr"),
            Map.of("GIVEN", "yes", "PATH", "/bin:/usr/bin"),
            descriptors));
  }

  private String run(String script) throws Exception {
    var pipe = Descriptor.Pipe.open();
    try (var input = Descriptor.open(Path.of("/dev/null"), Descriptor.O_RDONLY);
        var reading = pipe.reading();
        var writing = pipe.writing()) {
      spawn(List.of("/bin/sh", "-c", script), List.of(input, writing, writing)).await(5000);
      return new String(reading.read(1 << 16), StandardCharsets.UTF_8);
    }
  }
}
