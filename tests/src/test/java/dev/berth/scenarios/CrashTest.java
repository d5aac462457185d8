package dev.berth.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.agent.linux.Signals;
import dev.berth.bench.crash.CrashRun;
import dev.berth.bench.crash.PatientCalls;
import dev.berth.bench.crash.TaskProcesses;
import dev.berth.bench.rig.Leaks;
import dev.berth.bench.rig.RunningBerth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The server, or what it started, is killed; what was promised holds, and nothing is left. */
final class CrashTest {
  private static final int KILL_COUNT = 10;
  private static final int UP_MILLIS_MAX = 1_500;
  private static final int ATTEMPT_COUNT = 10;
  private static final long HUNT_NANOS_MAX = 300_000_000;

  /** Says that it is there, and then only waits. */
  private static final String WAITS = "echo here; while :; do sleep 0.1; done";

  @TempDir private Path folder = Path.of("");
  private RunningBerth berth;

  @RegisterExtension private final LastWords words = new LastWords(() -> berth.lastWords());

  @BeforeEach
  void start() throws Exception {
    berth =
        RunningBerth.start(
            folder.resolve("data"), "--host-cpu", "65536", "--host-memory", "131072");
    berth.loadBusybox();
  }

  @AfterEach
  void nothingIsLeftOfAnAgentThatRetired() throws IOException {
    berth.close();
    assertThat(Leaks.ofRetired(berth.host())).isEmpty();
  }

  @Test
  void killsAtRandomMomentsBreakNoPromise() throws Exception {
    long seed =
        Long.getLong("berth.seed", RandomGenerator.getDefault().nextLong(Integer.MAX_VALUE));
    System.out.println("To repeat: -Dtest=CrashTest -Dberth.seed=" + seed);

    CrashRun.Outcome outcome =
        CrashRun.on(berth, new CrashRun.Plan(seed, KILL_COUNT, UP_MILLIS_MAX));

    assertThat(outcome.violations()).as("seed %d", seed).isEmpty();
    assertThat(outcome.taskCount()).isGreaterThan(KILL_COUNT);
  }

  @Test
  void aMonitorThatDiesIsAPlatformFailureAndNoExitCodeIsInvented() throws Exception {
    var calls = new PatientCalls(berth);
    String arn = running(calls, "monitor");
    ProcessIdentity init = TaskProcesses.init(berth.host(), arn);

    TaskProcesses.monitor(berth.host(), arn).signal(Signals.SIGKILL);

    JsonNode container = calls.await(arn, "STOPPED").path("containers").path(0);
    assertThat(container.path("lastStatus").asText()).isEqualTo("STOPPED");
    assertThat(container.has("exitCode")).as("an exit code in %s", container).isFalse();
    assertThat(container.path("reason").asText()).startsWith("PlatformError");
    assertThat(init.isAlive()).isFalse();
    assertThat(Leaks.ofIdle(berth.host())).isEmpty();
  }

  @Test
  void aMonitorThatDiesWhileTheServerIsAwayIsAPlatformFailureToo() throws Exception {
    var calls = new PatientCalls(berth);
    String arn = running(calls, "monitor-away");
    ProcessIdentity init = TaskProcesses.init(berth.host(), arn);

    berth.kill();
    TaskProcesses.monitor(berth.host(), arn).signal(Signals.SIGKILL);
    berth.startAgain();
    berth.awaitReady();

    JsonNode container = calls.await(arn, "STOPPED").path("containers").path(0);
    assertThat(container.has("exitCode")).as("an exit code in %s", container).isFalse();
    assertThat(container.path("reason").asText()).startsWith("PlatformError");
    assertThat(init.isAlive()).isFalse();
    assertThat(Leaks.ofIdle(berth.host())).isEmpty();
  }

  @Test
  void aProcessKilledFromOutsideExitsWith137() throws Exception {
    var calls = new PatientCalls(berth);
    String arn = running(calls, "init");

    TaskProcesses.init(berth.host(), arn).signal(Signals.SIGKILL);

    JsonNode task = calls.await(arn, "STOPPED");
    assertThat(task.path("containers").path(0).path("exitCode").asInt()).isEqualTo(137);
    assertThat(task.path("stopCode").asText()).isEqualTo("EssentialContainerExited");
    assertThat(Leaks.ofIdle(berth.host())).isEmpty();
  }

  @Test
  void aRuntimeKilledWhileItCreatesFailsTheTaskAndLeavesNothing() throws Exception {
    var calls = new PatientCalls(berth);
    String definition = calls.register("create", 2);
    int hitCount = 0;
    for (int attempt = 0; attempt < ATTEMPT_COUNT; attempt++) {
      String arn = calls.run(definition, "exit 3", "create-" + attempt);
      boolean hit = killCreating();
      hitCount += hit ? 1 : 0;

      JsonNode task = calls.await(arn, "STOPPED");

      // Hit too late, it had done its work already.
      boolean ran = task.path("containers").path(0).path("exitCode").asInt(-1) == 3;
      if (!ran) {
        assertThat(hit).as("nobody was killed, and yet: %s", task).isTrue();
        assertThat(task.path("stopCode").asText()).isEqualTo("TaskFailedToStart");
        assertThat(task.path("containers").path(0).path("reason").asText())
            .startsWith("CannotCreateContainerError");
      }
    }
    System.out.println("killed while they created: " + hitCount + " of " + ATTEMPT_COUNT);
    assertThat(Leaks.ofIdle(berth.host())).isEmpty();
  }

  private String running(PatientCalls calls, String name) throws InterruptedException {
    String arn = calls.run(calls.register(name, 2), WAITS, name);
    calls.await(arn, "RUNNING");
    while (calls.output(arn).isEmpty()) {
      Thread.sleep(50);
    }
    return arn;
  }

  /** Kills an OCI runtime that is creating a container of this server, if one comes by. */
  private boolean killCreating() throws IOException {
    long deadline = System.nanoTime() + HUNT_NANOS_MAX;
    String own = berth.host().memory() + "/";
    while (System.nanoTime() < deadline) {
      try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        for (Path process : processes) {
          List<String> words = commandLine(process);
          if (words.contains("create")
              && words.getFirst().matches("\\S*(crun|runc)")
              && words.stream().anyMatch(word -> word.startsWith(own))) {
            long pid = Long.parseLong(process.getFileName().toString());
            var found = ProcessIdentity.of(pid);
            return found.isPresent() && found.get().signal(Signals.SIGKILL);
          }
        }
      }
    }
    return false;
  }

  private static List<String> commandLine(Path process) {
    try {
      return List.of(Files.readString(process.resolve("cmdline")).split("\0", -1));
    } catch (IOException ended) {
      return List.of("");
    }
  }
}
