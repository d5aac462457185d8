package dev.berth.agent.runtime;

import dev.berth.agent.linux.Descriptor;
import dev.berth.agent.linux.Spawner;
import dev.berth.agent.network.HostNames;
import dev.berth.agent.network.OneSubnet;
import dev.berth.agent.network.VpcTaskNetworks;
import dev.berth.agent.snapshot.FolderStorage;
import dev.berth.agent.snapshot.OverlaySnapshotter;
import dev.berth.model.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long a container takes from the call to its first output: this runtime beside conmon and crun
 * called bare, with the same configuration (its compiled filter too) and with the least that runs.
 * Alternating, so that the machine's mood hits all alike.
 */
final class LaunchBench {
  private LaunchBench() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
    try (var room = new RuntimeRoom()) {
      var runtime = room.open();
      var ours = new ArrayList<Double>();
      var create = new ArrayList<Double>();
      var start = new ArrayList<Double>();
      var delete = new ArrayList<Double>();
      var same = new ArrayList<Double>();
      var least = new ArrayList<Double>();
      for (int i = 0; i < rounds + 5; i++) {
        var draft = room.shell("echo hi");
        var plan = draft.plan();
        rest();
        var began = Instant.now();
        long t0 = System.nanoTime();
        runtime.create(plan);
        long t1 = System.nanoTime();
        runtime.start(draft.key);
        long t2 = System.nanoTime();
        runtime.awaitExit(draft.key);
        var first = runtime.firstOutputAt(draft.key).orElseThrow();
        var config =
            Files.readString(
                room.folder.resolve("state/containers/" + draft.key.task() + "/main/config.json"));
        long t3 = System.nanoTime();
        runtime.delete(draft.key);
        long t4 = System.nanoTime();
        rest();
        double bareSame =
            bare(
                room,
                config.replace(
                    draft.root.toString(),
                    room.rootFilesystem(new TaskId("%032x".formatted(i + 1_000_000))).toString()),
                i);
        rest();
        double bareLeast = bare(room, least(draft.root), i + 100_000);
        room.cgroups.remove(draft.key.task());
        if (i >= 5) {
          ours.add(millis(began, first));
          create.add((t1 - t0) / 1e6);
          start.add((t2 - t1) / 1e6);
          delete.add((t4 - t3) / 1e6);
          same.add(bareSame);
          least.add(bareLeast);
        }
      }
      parts(room);
      System.out.printf(
          "p50 ms: ours %.1f (create %.1f, start %.1f; delete %.1f); bare, same config %.1f; bare, least"
              + " config %.1f%n",
          median(ours), median(create), median(start), median(delete), median(same), median(least));
    }
  }

  /** The steps of a launch that are not the runtime's. */
  private static void parts(RuntimeRoom room) throws Exception {
    var mount = new ArrayList<Double>();
    var attachMade = new ArrayList<Double>();
    var detach = new ArrayList<Double>();
    var cgroup = new ArrayList<Double>();
    var layers = new ArrayList<Path>();
    for (int i = 0; i < 10; i++) {
      layers.add(Files.createDirectories(room.folder.resolve("layers/" + i)));
    }
    var snapshots = new OverlaySnapshotter(new FolderStorage(room.folder.resolve("snapshots")));
    try (var networks =
        VpcTaskNetworks.open(room.folder.resolve("networks"), new HostNames("bench"), false, 1)) {
      networks.plan(OneSubnet.plan());
      for (int i = 0; i < 40; i++) {
        var task = new TaskId("%032x".formatted(i + 5_000_000));
        room.tasks.add(task);
        long t0 = System.nanoTime();
        snapshots.reserve(task, 20);
        snapshots.mount(task, "main", layers);
        long t1 = System.nanoTime();
        room.cgroups.create(task, RuntimeRoom.SIZE);
        long t2 = System.nanoTime();
        networks.attach(task, OneSubnet.eni(i));
        long t3 = System.nanoTime();
        networks.detach(task);
        long t4 = System.nanoTime();
        mount.add((t1 - t0) / 1e6);
        cgroup.add((t2 - t1) / 1e6);
        attachMade.add((t3 - t2) / 1e6);
        detach.add((t4 - t3) / 1e6);
        snapshots.remove(task);
        room.cgroups.remove(task);
      }
      networks.retire();
    }
    System.out.printf(
        "p50 ms: overlay of 10 layers %.2f, task cgroup %.2f, network (pool mostly empty) %.2f, detach"
            + " %.2f%n",
        median(mount), median(cgroup), median(attachMade), median(detach));
  }

  private static double bare(RuntimeRoom room, String config, int number) throws Exception {
    var bundle = Files.createDirectories(room.folder.resolve("bare/" + number));
    var cgroup = cgroup(room, number);
    config = config.replaceAll("\"cgroupsPath\":\"[^\"]*\"", "\"cgroupsPath\":\"" + cgroup + "\"");
    config = config.replaceAll("[^\"]*/state/containers/[^/]*/main/", bundle + "/");
    Files.writeString(bundle.resolve("config.json"), config);
    for (var name : List.of("hosts", "hostname", "resolv.conf")) {
      Files.copy(
          Path.of("/etc/hostname"), bundle.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    var id = "bare-" + room.parent + number;
    var root = room.folder.resolve("bare-root");
    var spawner = new Spawner(room.watcher);
    var programs = new Programs(spawner);
    var began = Instant.now();
    var sync = Descriptor.Pipe.open();
    try (var in = Descriptor.open(Path.of("/dev/null"), 0);
        var out = Descriptor.open(Path.of("/dev/null"), 1)) {
      var environment = new HashMap<>(Programs.ENVIRONMENT);
      environment.put("_OCI_SYNCPIPE", "3");
      var child =
          spawner.spawn(
              new Spawner.Command(
                  List.of(
                      "/usr/bin/conmon",
                      "--api-version",
                      "1",
                      "-c",
                      id,
                      "-u",
                      id,
                      "-r",
                      "/usr/bin/crun",
                      "-b",
                      bundle.toString(),
                      "-p",
                      bundle + "/pid",
                      "-P",
                      bundle + "/cpid",
                      "--exit-dir",
                      bundle.toString(),
                      "--socket-dir-path",
                      bundle.toString(),
                      "-l",
                      "k8s-file:" + bundle + "/log",
                      "--no-sync-log",
                      "--log-level",
                      "error",
                      "--runtime-arg",
                      "--root=" + root,
                      "--runtime-arg",
                      "--cgroup-manager=cgroupfs"),
                  bundle,
                  environment,
                  List.of(in, out, out, sync.writing())));
      sync.writing().close();
      child.await(10_000);
      var answer = new String(sync.reading().read(4096), StandardCharsets.UTF_8);
      sync.reading().close();
      var outcome =
          programs.run(
              List.of("/usr/bin/crun", "--root=" + root, "--cgroup-manager=cgroupfs", "start", id));
      if (!outcome.succeeded()) {
        throw new IllegalStateException(answer + outcome);
      }
    }
    for (int i = 0; i < 1000 && Files.size(bundle.resolve("log")) == 0; i++) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    var first = new ConmonOutput().firstAt(bundle.resolve("log")).orElseThrow();
    programs.run(
        List.of(
            "/usr/bin/crun", "--root=" + root, "--cgroup-manager=cgroupfs", "delete", "-f", id));
    return millis(began, first);
  }

  /** Below a task's cgroup, as ours is: its quota and its depth cost the same. */
  private static String cgroup(RuntimeRoom room, int number) throws Exception {
    var task = new TaskId("%032x".formatted(number + 1));
    room.tasks.add(task);
    room.cgroups.create(task, RuntimeRoom.SIZE);
    return room.cgroups.parentPath() + "/" + task + "/c-main";
  }

  private static String least(Path root) {
    return """
    {"ociVersion":"1.0.2","process":{"user":{"uid":0,"gid":0},"args":["/bin/sh","-c","echo hi"],"cwd":"/"},
     "root":{"path":"%s"},"mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
     "linux":{"cgroupsPath":"x","namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"network"}]}}
    """
        .formatted(root);
  }

  /** The kernel takes down the container before in the background. */
  private static void rest() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(150);
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
