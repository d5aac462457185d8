package dev.berth.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Second programs in a real container. */
@Timeout(120)
final class ContainerCommandTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private RuntimeRoom room;
  private ConmonRuntime runtime;

  @BeforeEach
  void open() throws Exception {
    room = new RuntimeRoom();
    runtime = room.open();
  }

  @AfterEach
  void close() throws Exception {
    room.close();
  }

  @Test
  void aProgramSeesWhatItsContainerSees() throws Exception {
    var draft = room.shell("cd /tmp; echo here > seen; sleep 600");
    draft.user = Optional.of("worker");
    draft.environment = Map.of("ASKED", "yes");
    draft.terminal = true;
    draft.root.resolve("tmp").toFile().setWritable(true, false);
    started(draft);
    assertThat(shell(draft, "until [ -s /tmp/seen ]; do sleep 0.05; done")).isTrue();
    assertThat(shell(draft, "[ $(id -u) = 1000 ] && [ $ASKED = yes ]")).isTrue();
    assertThat(shell(draft, "exit 1")).isFalse();
    assertThat(runtime.check(draft.key, List.of("/no/such/program"), LONG)).isFalse();
  }

  @Test
  void aProgramThatTakesTooLongIsKilled() throws Exception {
    var draft = room.shell("sleep 600");
    started(draft);
    var forEver = List.of("/bin/sleep", "98765");
    assertThat(runtime.check(draft.key, forEver, Duration.ofMillis(300))).isFalse();
    assertThat(ProcessIdentity.withArgument("98765")).isEmpty();
    assertThat(shell(draft, "true")).isTrue();
  }

  @Test
  void aContainerThatHasEndedRunsNothing() throws Exception {
    var draft = room.shell("exit 0");
    started(draft);
    runtime.awaitExit(draft.key);
    assertThat(shell(draft, "true")).isFalse();
    runtime.delete(draft.key);
    assertThatThrownBy(() -> shell(draft, "true")).isInstanceOf(IOException.class);
  }

  private void started(RuntimeRoom.Draft draft) throws Exception {
    runtime.create(draft.plan());
    runtime.start(draft.key);
  }

  private boolean shell(RuntimeRoom.Draft draft, String script) throws Exception {
    return runtime.check(draft.key, List.of("/bin/sh", "-c", script), LONG);
  }
}
