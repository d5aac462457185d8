package dev.berth.bench.rig;

import dev.berth.agent.linux.Belongings;
import dev.berth.app.HostLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What is left of tasks that are over, found without the agent's help. */
public final class Leaks {
  /** The agent's pool, and the one that waits to get in. */
  private static final int IDLE_NETWORK_COUNT_MAX = 17;

  private static final long WAIT_SECONDS_MAX = 20;
  private static final long POLL_MILLIS = 200;

  private Leaks() {}

  /** All that an agent without tasks should not have; waits for what is just being cleared away. */
  public static List<String> ofIdle(HostLayout host) throws Exception {
    return awaitNone(() -> look(host));
  }

  /** All that is left of an agent that has retired. */
  public static List<String> ofRetired(HostLayout host) throws IOException {
    Belongings left = Belongings.find(host.marks());
    return left.isEmpty() && !Files.exists(host.memory()) ? List.of() : List.of(left.toString());
  }

  private static List<String> awaitNone(Callable<List<String>> look) throws Exception {
    long deadline = System.nanoTime() + WAIT_SECONDS_MAX * 1_000_000_000L;
    List<String> found = look.call();
    while (!found.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
      found = look.call();
    }
    return found;
  }

  private static List<String> look(HostLayout host) throws IOException {
    var leaks = new ArrayList<String>();
    Belongings has = Belongings.find(host.marks());
    Path storage = host.storage(); // File systems that are kept ready.
    List<Path> standing =
        List.of(
            host.vpcs().resolve("interfaces"),
            host.vpcs().resolve("routers"),
            host.vpcs().resolve("uplinks"));
    has.processes().forEach(process -> leaks.add("process " + process));
    has.mounts().stream()
        .filter(mount -> standing.stream().noneMatch(Path.of(mount)::startsWith))
        .filter(mount -> !isReadyStorage(storage, Path.of(mount)))
        .forEach(mount -> leaks.add("mount " + mount));
    has.cgroups().stream()
        .filter(group -> !group.endsWith("/" + host.cgroupParent()))
        .forEach(group -> leaks.add("cgroup " + group));
    has.files().stream()
        .filter(file -> standing.stream().noneMatch(Path.of(file)::startsWith))
        .filter(file -> !isReadyStorage(storage, Path.of(file)))
        .forEach(file -> leaks.add("file " + file));
    int interfaces = children(host.vpcs().resolve("interfaces")).size();
    int uplinks = children(host.vpcs().resolve("uplinks")).size();
    if (interfaces > uplinks * IDLE_NETWORK_COUNT_MAX) {
      leaks.add("interfaces " + interfaces + " of " + uplinks + " VPCs");
    }
    if (has.interfaces().size() > uplinks) {
      leaks.add("uplinks " + has.interfaces() + " of " + uplinks + " VPCs");
    }
    if (has.tables().size() != 1) {
      leaks.add("tables " + has.tables());
    }
    for (Path folder :
        List.of(
            host.snapshots(),
            host.runtime().resolve("containers"),
            host.runtime().resolve("sockets"),
            host.runtime().resolve("oci"),
            host.vpcs().resolve("holdings"),
            host.images().resolve("leases"),
            host.images().resolve("staging"),
            host.data().resolve("tasks"))) {
      children(folder).forEach(child -> leaks.add("file " + folder.resolve(child)));
    }
    leaks.addAll(outputsOfNobody(host));
    return leaks;
  }

  /** A slot's own, and nothing of a task in it. */
  private static boolean isReadyStorage(Path storage, Path found) {
    return found.startsWith(storage) && storage.relativize(found).getNameCount() == 2;
  }

  /** Output is kept for as long as its task is remembered. */
  private static List<String> outputsOfNobody(HostLayout host) throws IOException {
    List<String> remembered = children(host.data().resolve("ended"));
    return children(host.output()).stream()
        .filter(task -> !remembered.contains(task + ".json"))
        .map(task -> "output of " + task)
        .toList();
  }

  private static List<String> children(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
