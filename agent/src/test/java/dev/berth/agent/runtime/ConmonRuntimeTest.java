package dev.berth.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.agent.linux.Signals;
import dev.berth.agent.runtime.ContainerRuntime.Status;
import dev.berth.model.task.LinuxParameters;
import dev.berth.model.task.VolumeMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ConmonRuntimeTest {
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
  void aContainerGoesThroughItsLife() throws Exception {
    var draft = room.shell("echo out; echo err >&2; sleep 0.2; exit 7");
    assertThat(runtime.status(draft.key)).isInstanceOf(Status.Absent.class);
    runtime.create(draft.plan());
    assertThat(runtime.status(draft.key)).isInstanceOf(Status.Created.class);
    runtime.create(draft.plan()); // Nothing happens the second time.
    assertThat(runtime.firstOutputAt(draft.key)).isEmpty();
    runtime.start(draft.key);
    assertThat(runtime.status(draft.key)).isInstanceOf(Status.Running.class);
    runtime.start(draft.key);
    assertThat(runtime.awaitExit(draft.key).exitCode()).hasValue(7);
    assertThat(runtime.status(draft.key)).isInstanceOf(Status.Exited.class);
    assertThat(runtime.firstOutputAt(draft.key)).isPresent();
    assertThat(RuntimeRoom.output(runtime, draft.key)).contains("out\n", "err\n");
    assertThat(runtime.list()).containsExactly(draft.key);
    runtime.delete(draft.key);
    runtime.delete(draft.key);
    assertThat(runtime.list()).isEmpty();
    assertThat(runtime.status(draft.key)).isInstanceOf(Status.Absent.class);
    assertThat(runtime.outputFile(draft.key)).exists();
    assertThat(ProcessIdentity.withArgument(draft.key.runtimeId())).isEmpty();
  }

  @Test
  void volumesAreSeenWhereTheyAreMountedAlsoOverAReadOnlyRoot() throws Exception {
    var shared = Files.createDirectory(room.folder.resolve("shared"));
    Files.writeString(shared.resolve("given"), "given\n");
    var draft =
        room.shell(
            "cat /data/given; touch /data/inner/made || echo refused; touch /more/written; touch /x || echo read-only");
    draft.readonlyRoot = true;
    draft.mounts =
        List.of(
            new VolumeMount("other", "/data/inner", true),
            new VolumeMount("shared", "/data", false),
            new VolumeMount("other", "/more", false));
    draft.volumes =
        Map.of("shared", shared, "other", Files.createDirectory(room.folder.resolve("other")));
    var output = room.run(runtime, draft);
    assertThat(output).contains("given\n", "refused\n", "read-only\n");
    assertThat(room.folder.resolve("other/written")).exists();
  }

  @Test
  void crunIsTakenWhereItWorks() {
    assertThat(runtime.runtimeName()).isEqualTo("crun");
  }

  @Test
  void aSignalledProcessIsToldByItsExitCode() throws Exception {
    var draft = room.shell("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done");
    runtime.create(draft.plan());
    runtime.start(draft.key);
    awaitOutput(draft.key);
    runtime.signal(draft.key, Signals.SIGTERM);
    assertThat(runtime.awaitExit(draft.key).exitCode()).hasValue(3);
    runtime.signal(draft.key, Signals.SIGTERM); // It has ended: no failure.
  }

  @Test
  void aKilledProcessHasTheExitCodeOfItsSignal() throws Exception {
    var draft = room.shell("sleep 60");
    runtime.create(draft.plan());
    runtime.start(draft.key);
    runtime.signal(draft.key, Signals.SIGKILL);
    assertThat(runtime.awaitExit(draft.key).exitCode()).hasValue(137);
  }

  @Test
  void aRestartedAgentAdoptsWhatRuns() throws Exception {
    var draft =
        room.shell("trap 'echo after; exit 5' TERM; echo before; while :; do sleep 0.1; done");
    runtime.create(draft.plan());
    runtime.start(draft.key);
    var next = room.open();
    assertThat(next.list()).containsExactly(draft.key);
    assertThat(next.status(draft.key)).isInstanceOf(Status.Running.class);
    RuntimeRoom.awaitOutput(next, draft.key, "before\n");
    next.signal(draft.key, Signals.SIGTERM);
    assertThat(next.awaitExit(draft.key).exitCode()).hasValue(5);
    assertThat(RuntimeRoom.output(next, draft.key)).isEqualTo("before\nafter\n");
  }

  @Test
  void aContainerWhoseMonitorDiesIsStoppedAndHasNoExitCode() throws Exception {
    var draft = room.shell("sleep 60");
    runtime.create(draft.plan());
    runtime.start(draft.key);
    var init = ((Status.Running) runtime.status(draft.key)).pid();
    for (var monitor : ProcessIdentity.withArgument(draft.key.runtimeId())) {
      monitor.signal(Signals.SIGKILL);
    }
    assertThat(runtime.awaitExit(draft.key).exitCode()).isEmpty();
    assertThat(ProcessIdentity.of(init).filter(RuntimeRoom::isAlive)).isEmpty();
    assertThat(room.open().status(draft.key)).isEqualTo(runtime.status(draft.key));
  }

  @Test
  void aContainerThatWasCreatedOnlyInPartIsMadeAgain() throws Exception {
    var draft = room.shell("echo once");
    runtime.create(draft.plan());
    // As if the agent had been killed before it wrote the processes down.
    Files.delete(room.folder.resolve("state/containers/" + draft.key.task() + "/main/processes"));
    var next = room.open();
    assertThat(next.status(draft.key)).isInstanceOf(Status.Absent.class);
    assertThat(room.run(next, draft)).isEqualTo("once\n");
  }

  @Test
  void anUnknownCommandIsRefusedWithTheReason() throws Exception {
    var draft = room.shell("");
    draft.command = List.of("/no/such/program");
    assertThatThrownBy(() -> runtime.create(draft.plan()))
        .isInstanceOf(RuntimeFailure.class)
        .hasMessageContaining("/no/such/program");
    runtime.delete(draft.key);
    assertThat(runtime.list()).isEmpty();
  }

  @Test
  void theEnvironmentIsMergedFromWeakToStrong() throws Exception {
    var draft = room.shell("env");
    draft.environment = Map.of("BERTH", "declared", "SPACED", "a b=c");
    assertThat(room.run(runtime, draft).lines())
        .contains(
            "BERTH=declared",
            "IMAGE=yes",
            "SPACED=a b=c",
            "HOSTNAME=host-of-main",
            "HOME=/root",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .noneMatch(line -> line.startsWith("_OCI"));
  }

  @Test
  void aUserIsFoundInTheImage() throws Exception {
    var draft = room.shell("id; echo $HOME; cat /proc/self/status");
    draft.user = Optional.of("worker");
    assertThat(room.run(runtime, draft))
        .contains("uid=1000(worker) gid=1001(workers) groups=1001(workers),2000(extra)")
        .contains("/home/worker")
        .containsPattern("CapEff:\\s+0000000000000000")
        .containsPattern("CapBnd:\\s+00000000a80425fb");
  }

  @Test
  void rootHasDockersCapabilitiesAndAFilter() throws Exception {
    var draft = room.shell("cat /proc/self/status; unshare -U true; echo unshare=$?");
    assertThat(room.run(runtime, draft))
        .containsPattern("CapEff:\\s+00000000a80425fb")
        .containsPattern("CapInh:\\s+0000000000000000")
        .containsPattern("Seccomp:\\s+2")
        .containsPattern("NoNewPrivs:\\s+0")
        .contains("unshare=1");
  }

  @Test
  void capabilitiesAreAddedAndDropped() throws Exception {
    var draft = room.shell("cat /proc/self/status");
    draft.linux =
        new LinuxParameters(
            List.of("SYS_PTRACE"), List.of("ALL"), false, List.of(), List.of(), Map.of());
    assertThat(room.run(runtime, draft)).containsPattern("CapEff:\\s+0000000000080000");
  }

  @Test
  void theHostIsHiddenInProcAndSys() throws Exception {
    var draft =
        room.shell(
            "exec 2>/dev/null; cat /proc/kcore | head -c1 | wc -c; ls /sys/firmware | wc -l;"
                + " echo 1 > /proc/sys/vm/drop_caches; echo $?; mkdir /sys/fs/cgroup/memory/x; echo $?;"
                + " ls /proc | grep -c '^[0-9]'");
    assertThat(room.run(runtime, draft).lines().filter(line -> line.matches("[0-9]+")).toList())
        .startsWith("0", "0", "1", "1");
  }

  @Test
  void anInitProcessIsProcessOne() throws Exception {
    var draft = room.shell("echo pid=$$; cat /proc/1/comm");
    draft.linux = new LinuxParameters(List.of(), List.of(), true, List.of(), List.of(), Map.of());
    assertThat(room.run(runtime, draft)).contains("init").doesNotContain("pid=1\n");
  }

  @Test
  void aReadonlyRootHasAWritableTmpfs() throws Exception {
    var draft =
        room.shell("touch /x; echo root=$?; touch /scratch/x; echo scratch=$?; cat /etc/hosts");
    draft.readonlyRoot = true;
    draft.linux =
        new LinuxParameters(
            List.of(),
            List.of(),
            false,
            List.of(),
            List.of(new LinuxParameters.Tmpfs("/scratch", 1, List.of("mode=700"))),
            Map.of());
    assertThat(room.run(runtime, draft)).contains("root=1", "scratch=0", "100.64.0.9 host-of-main");
  }

  @Test
  void systemControlsAndUlimitsAreSet() throws Exception {
    var draft = room.shell("cat /proc/sys/net/core/somaxconn; ulimit -c; ulimit -n");
    draft.linux =
        new LinuxParameters(
            List.of(),
            List.of(),
            false,
            List.of(
                new LinuxParameters.Ulimit("core", 0, 0),
                new LinuxParameters.Ulimit("nofile", 512, 1024)),
            List.of(),
            Map.of("net.core.somaxconn", "77"));
    assertThat(room.run(runtime, draft)).isEqualTo("77\n0\n512\n");
  }

  @Test
  void aWorkingDirectoryIsMadeInsideTheImageOnly() throws Exception {
    var outside = Files.createDirectory(room.folder.resolve("outside"));
    var draft = room.shell("pwd");
    Files.createSymbolicLink(draft.root.resolve("link"), outside);
    draft.workingDirectory = Optional.of("/link/made");
    assertThatThrownBy(() -> runtime.create(draft.plan()))
        .hasMessageContaining("not a folder in the image");
    assertThat(outside).isEmptyDirectory();

    var other = room.shell("pwd");
    other.workingDirectory = Optional.of("/some/where");
    assertThat(room.run(runtime, other)).isEqualTo("/some/where\n");
  }

  @Test
  void aLinkedPasswdFileDoesNotReadTheHosts() throws Exception {
    var secret = Files.writeString(room.folder.resolve("secret"), "mallory:x:66:66::/:/bin/sh\n");
    var draft = room.shell("id");
    Files.delete(draft.root.resolve("etc/passwd"));
    Files.createSymbolicLink(draft.root.resolve("etc/passwd"), secret);
    draft.user = Optional.of("mallory");
    assertThatThrownBy(() -> runtime.create(draft.plan()))
        .hasMessageContaining("unable to find user mallory");
  }

  @Test
  void anUnendedLineIsPartial() throws Exception {
    var draft = room.shell("printf 'a\\nb'");
    assertThat(room.run(runtime, draft)).startsWith("a\nb");
    var lines = new ConmonOutput().read(runtime.outputFile(draft.key), 0, 1 << 16).lines();
    assertThat(lines.get(1).partial()).isTrue();
  }

  @Test
  void aTerminalJoinsTheStreams() throws Exception {
    var draft = room.shell("tty; echo $TERM");
    draft.terminal = true;
    Files.createSymbolicLink(draft.root.resolve("bin/tty"), Path.of("busybox"));
    assertThat(room.run(runtime, draft)).contains("/dev/pts/0", "xterm");
  }

  @Test
  void theTasksMemoryLimitIsToldPerContainer() throws Exception {
    var hungry = room.shell("dd if=/dev/zero of=/dev/null bs=400M count=1");
    runtime.create(hungry.plan());
    runtime.start(hungry.key);
    assertThat(runtime.awaitExit(hungry.key).exitCode()).isEqualTo(OptionalInt.of(137));
    assertThat(room.cgroups.outOfMemory(hungry.key.task(), "main")).isTrue();
    assertThat(room.cgroups.outOfMemory(hungry.key.task(), "other")).isFalse();
  }

  @Test
  void aContainersOwnMemoryLimitCounts() throws Exception {
    var hungry = room.shell("dd if=/dev/zero of=/dev/null bs=60M count=1; exit 4");
    hungry.memoryMib = OptionalInt.of(32);
    runtime.create(hungry.plan());
    runtime.start(hungry.key);
    assertThat(runtime.awaitExit(hungry.key).exitCode()).isEqualTo(OptionalInt.of(4));
    assertThat(room.cgroups.outOfMemory(hungry.key.task(), "main")).isTrue();
  }

  @Test
  void removingATasksCgroupKillsWhatIsInIt() throws Exception {
    var draft = room.shell("sleep 60");
    runtime.create(draft.plan());
    runtime.start(draft.key);
    assertThat(room.cgroups.list()).containsExactly(draft.key.task());
    room.cgroups.remove(draft.key.task());
    assertThat(runtime.awaitExit(draft.key).exitCode()).hasValue(137);
    assertThat(room.cgroups.list()).isEmpty();
    room.cgroups.remove(draft.key.task());
  }

  private void awaitOutput(ContainerKey key) throws Exception {
    for (int i = 0; i < 500 && runtime.firstOutputAt(key).isEmpty(); i++) {
      Thread.sleep(10);
    }
  }
}
