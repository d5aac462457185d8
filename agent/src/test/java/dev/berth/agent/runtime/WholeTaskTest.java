package dev.berth.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.linux.Belongings;
import dev.berth.agent.network.HostNames;
import dev.berth.agent.network.OneSubnet;
import dev.berth.agent.network.VpcTaskNetworks;
import dev.berth.agent.snapshot.FolderStorage;
import dev.berth.agent.snapshot.OverlaySnapshotter;
import dev.berth.model.network.EniSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All parts of a host together: cgroup, root file system, network, container; and nothing after.
 */
@Timeout(120)
final class WholeTaskTest {
  private static final int TASK_COUNT = 12;
  private static final HostNames NAMES =
      new HostNames("whl" + ProcessHandle.current().pid() % 1000);

  @Test
  void manyTasksAtOnceRunAndLeaveNothing() throws Exception {
    try (var room = new RuntimeRoom();
        var networks = VpcTaskNetworks.open(room.folder.resolve("networks"), NAMES, false, 4)) {
      networks.plan(OneSubnet.plan());
      var runtime = room.open();
      var snapshots = new OverlaySnapshotter(new FolderStorage(room.folder.resolve("snapshots")));
      var work = new ArrayList<Callable<String>>();
      for (int i = 0; i < TASK_COUNT; i++) {
        var draft = room.shell("echo ran; touch /written; ls -d /written");
        var eni = OneSubnet.eni(i);
        work.add(() -> runWhole(room, runtime, networks, snapshots, draft, eni));
      }
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var outcome : threads.invokeAll(work)) {
          assertThat(outcome.get()).isEqualTo("ran\n/written\n");
        }
      }
      networks.retire();
      room.cgroups.retire();
      assertThat(
              Belongings.find(
                  new Belongings.Marks(
                      room.parent,
                      NAMES.uplinkPrefix(),
                      NAMES.table(),
                      List.of(
                          room.folder.resolve("networks"),
                          room.folder.resolve("snapshots"),
                          room.folder.resolve("state")))))
          .matches(Belongings::isEmpty);
    }
  }

  private static String runWhole(
      RuntimeRoom room,
      ConmonRuntime runtime,
      VpcTaskNetworks networks,
      OverlaySnapshotter snapshots,
      RuntimeRoom.Draft draft,
      EniSpec eni)
      throws Exception {
    var task = draft.key.task();
    var network = networks.attach(task, eni);
    snapshots.reserve(task, 20);
    var root = snapshots.mount(task, draft.key.name(), List.of(draft.root));
    var plan = draft.plan();
    runtime.create(
        new ContainerPlan(
            plan.key(),
            plan.spec(),
            plan.taskSize(),
            plan.image(),
            root,
            plan.volumes(),
            network.namespace(),
            eni.privateAddress().value(),
            plan.cgroupPath(),
            plan.environment(),
            plan.hostname(),
            plan.resolvConf(),
            plan.pidMode()));
    runtime.start(draft.key);
    assertThat(runtime.awaitExit(draft.key).exitCode()).hasValue(0);
    var output = RuntimeRoom.output(runtime, draft.key);
    runtime.delete(draft.key);
    snapshots.remove(task);
    networks.detach(task);
    room.cgroups.remove(task);
    assertThat(draft.root.resolve("written")).doesNotExist();
    return output;
  }
}
