package dev.berth.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.PidMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real containers that see each other's processes. */
@Timeout(120)
final class SharedPidsTest {
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
  void containersOfOneTaskSeeEachOthersProcessesAndNothingIsLeft() throws Exception {
    var first = shared(room.shell("sleep 65431"));
    var second = shared(room.new Draft(first.key.task(), "second", "sleep 65432"));
    started(first);
    started(second);

    assertThat(sees(second, "65431")).isTrue();
    assertThat(sees(first, "65432")).isTrue();

    runtime.delete(first.key);
    assertThat(sees(second, "65432")).isTrue();
    assertThat(sees(second, "65431")).isFalse();
    assertThat(ProcessIdentity.withArgument("/pause")).isNotEmpty();

    runtime.delete(second.key);
    assertThat(runtime.list()).isEmpty();
    assertThat(room.folder.resolve("state/containers")).isEmptyDirectory();
    assertThat(room.folder.resolve("state/oci")).isEmptyDirectory();
  }

  @Test
  void whoMayTraceTheFirstProcessGainsNothingByIt() throws Exception {
    var draft = shared(room.shell("sleep 65433"));
    draft.linux =
        new LinuxParameters(
            List.of("SYS_PTRACE"), List.of(), false, List.of(), List.of(), Map.of());
    started(draft);
    assertThat(shell(draft, "grep -q '^CapBnd:.0000000000000000$' /proc/1/status")).isTrue();
    assertThat(shell(draft, "[ -e /proc/1/root/etc ]")).isFalse();
    runtime.delete(draft.key);
  }

  @Test
  void theNextLifeDeletesWhatIsAlone() throws Exception {
    var draft = shared(room.shell("sleep 65434"));
    started(draft);
    var later = room.open();
    assertThat(later.list()).contains(draft.key);
    for (var key : later.list()) {
      later.delete(key);
    }
    assertThat(later.list()).isEmpty();
    assertThat(room.folder.resolve("state/oci")).isEmptyDirectory();
  }

  private static RuntimeRoom.Draft shared(RuntimeRoom.Draft draft) {
    draft.pidMode = Optional.of(PidMode.TASK);
    return draft;
  }

  private void started(RuntimeRoom.Draft draft) throws Exception {
    runtime.create(draft.plan());
    runtime.start(draft.key);
  }

  private boolean sees(RuntimeRoom.Draft draft, String argument) throws Exception {
    // The brackets keep the pattern from finding itself.
    return shell(draft, "grep -qs '[s]leep.%s' /proc/[0-9]*/cmdline".formatted(argument));
  }

  private boolean shell(RuntimeRoom.Draft draft, String script) throws Exception {
    return runtime.check(draft.key, List.of("/bin/sh", "-c", script), LONG);
  }
}
