package dev.berth.agent.network;

import dev.berth.agent.linux.Interfaces;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.Namespaces;
import dev.berth.agent.network.VpcFolder.Holding;
import dev.berth.model.network.VpcId;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a killed agent had made, or begun to make, for no task. */
final class Leftovers {
  private final VpcFolder folder;
  private final HostSide host;

  Leftovers(VpcFolder folder, HostSide host) {
    this.folder = folder;
    this.host = host;
  }

  /**
   * What of a VPC is still good.
   *
   * @param holdings what its tasks have
   * @param spareSlots the interfaces of its router that were made ahead for nobody yet
   */
  record Found(Map<TaskId, Holding> holdings, List<Integer> spareSlots) {}

  /**
   * Removes interfaces, routers and uplinks that are of no use any more. To be done before anything
   * is made.
   *
   * @return what is left, by the VPCs of which a task needs the router
   */
  Map<VpcId, Found> remove() throws IOException {
    var byVpc = new HashMap<VpcId, Map<TaskId, Holding>>();
    var used = new HashSet<Integer>();
    folder
        .holdings()
        .forEach(
            (task, holding) -> {
              used.add(holding.slot());
              byVpc.computeIfAbsent(holding.eni().vpc(), _ -> new HashMap<>()).put(task, holding);
            });
    byVpc.keySet().retainAll(folder.routers());
    var unused = new HashSet<>(folder.interfaces());
    unused.removeAll(used);
    var found = new HashMap<VpcId, Found>();
    for (var each : byVpc.entrySet()) {
      var spare = connected(unused, folder.routerFile(each.getKey()));
      spare.forEach(unused::remove);
      found.put(each.getKey(), new Found(each.getValue(), spare));
    }
    for (int slot : unused) {
      removeInterface(slot);
    }
    removeRouters(found.keySet());
    return found;
  }

  /** Those of the slots whose pairs end in that router. */
  private List<Integer> connected(Collection<Integer> slots, Path router) throws IOException {
    if (!Mounts.isMounted(router)) {
      return List.of();
    }
    var connected = new ArrayList<Integer>();
    try (var links = Namespaces.inNetwork(router, Interfaces::new)) {
      for (int slot : slots) {
        if (links.exists(Router.index(slot)) && Mounts.isMounted(folder.interfaceFile(slot))) {
          connected.add(slot);
        }
      }
    }
    return connected;
  }

  private void removeRouters(Set<VpcId> needed) throws IOException {
    var uplinksUsed = new HashSet<Integer>();
    for (var vpc : folder.routers()) {
      if (needed.contains(vpc)) {
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
