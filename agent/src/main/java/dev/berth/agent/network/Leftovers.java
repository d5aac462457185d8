package dev.berth.agent.network;

import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcFolder.Holding;
import dev.berth.model.network.VpcId;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** What a killed agent had made, or begun to make, for no task. */
final class Leftovers {
  private final VpcFolder folder;
  private final HostSide host;

  Leftovers(VpcFolder folder, HostSide host) {
    this.folder = folder;
    this.host = host;
  }

  /**
   * Removes interfaces, routers and uplinks that no task needs. To be done before anything is made.
   *
   * @return what the tasks have, by the VPCs of which there is a router
   */
  Map<VpcId, Map<TaskId, Holding>> remove() throws IOException {
    var byVpc = new HashMap<VpcId, Map<TaskId, Holding>>();
    var used = new HashSet<Integer>();
    folder
        .holdings()
        .forEach(
            (task, holding) -> {
              used.add(holding.slot());
              byVpc.computeIfAbsent(holding.eni().vpc(), _ -> new HashMap<>()).put(task, holding);
            });
    for (int slot : folder.interfaces()) {
      if (!used.contains(slot)) {
        removeInterface(slot);
      }
    }
    byVpc.keySet().retainAll(folder.routers());
    removeRouters(byVpc);
    return byVpc;
  }

  private void removeRouters(Map<VpcId, Map<TaskId, Holding>> needed) throws IOException {
    var uplinksUsed = new HashSet<Integer>();
    for (var vpc : folder.routers()) {
      if (needed.containsKey(vpc)) {
        uplinksUsed.add(folder.uplink(vpc));
      } else {
        Mounts.unmount(folder.routerFile(vpc));
        Files.deleteIfExists(folder.routerFile(vpc));
        folder.forgetPlan(vpc);
      }
    }
    for (int number : folder.uplinks()) {
      if (!uplinksUsed.contains(number)) {
        host.remove(host.uplinkName(number));
        folder.releaseUplink(number);
      }
    }
  }

  /** Removes a slot. Its pair goes from inside: whose router it was is not told. */
  void removeInterface(int slot) throws IOException {
    var file = folder.interfaceFile(slot);
    if (Mounts.isMounted(file)) {
      Namespaces.inNetwork(
          file,
          () -> {
            try (var links = new Interfaces()) {
              links.delete(TaskInterface.INDEX);
            }
            return file;
          });
      Mounts.unmount(file);
    }
    folder.releaseInterface(slot);
  }
}
