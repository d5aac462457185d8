package dev.berth.agent.runtime;

import static java.util.Comparator.comparingInt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a container looks like to the OCI runtime: Docker's defaults, changed by the declaration.
 * Pure: the same input gives the same configuration. Facts: the OCI runtime specification 1.0.2,
 * and Docker's documentation for its defaults.
 */
final class OciSpec {
  /** Where the small init is shown inside a container: in /dev, which is no part of the image. */
  static final String INIT_PATH = "/dev/init";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** ECS: a container without CPU units gets the kernel's least share of its task. */
  private static final int CPU_SHARES_MIN = 2;

  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware");

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  /** Written once: it is by far the largest part and the same for all. */
  private final Seccomp seccomp;

  private final Optional<Path> init;
  private final HostLimits limits;

  /**
   * Which system calls are allowed, twice: a runtime that knows crun's annotation takes the program
   * and passes the rules over; any other compiles the rules, and never runs without a filter.
   */
  record Seccomp(RawValue rules, Optional<String> program) {}

  /**
   * @param init a static program on this host that can be process 1, when there is one
   */
  OciSpec(Seccomp seccomp, Optional<Path> init, HostLimits limits) {
    this.seccomp = seccomp;
    this.init = init;
    this.limits = limits;
  }

  /** The files of the container's own that are shown over the image's. */
  record EtcFiles(Path hosts, Path hostname, Path resolvConf) {}

  /** The whole {@code config.json}. */
  ObjectNode build(ContainerPlan plan, ContainerUser user, EtcFiles etc, Optional<Path> pids)
      throws RuntimeFailure {
    var config = JSON.objectNode();
    config.put("ociVersion", "1.0.2");
    config.set("process", new OciProcess(plan, user, limits).build());
    config
        .putObject("root")
        .put("path", plan.rootFilesystem().toString())
        .put("readonly", plan.spec().readonlyRootFilesystem());
    config.put("hostname", plan.hostname());
    config.set("mounts", mounts(plan, etc));
    config.set("linux", linux(plan, pids));
    seccomp
        .program()
        .ifPresent(
            base64 -> config.putObject("annotations").put("run.oci.seccomp_bpf_data", base64));
    return config;
  }

  private ArrayNode mounts(ContainerPlan plan, EtcFiles etc) throws RuntimeFailure {
    var mounts = JSON.arrayNode();
    mount(mounts, "/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev"));
    mount(
        mounts,
        "/dev",
        "tmpfs",
        "tmpfs",
        List.of("nosuid", "strictatime", "mode=755", "size=65536k"));
    mount(
        mounts,
        "/dev/pts",
        "devpts",
        "devpts",
        List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"));
    mount(mounts, "/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro"));
    mount(
        mounts,
        "/sys/fs/cgroup",
        "cgroup",
        "cgroup",
        List.of("nosuid", "noexec", "nodev", "relatime", "ro"));
    mount(mounts, "/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev"));
    mount(
        mounts,
        "/dev/shm",
        "tmpfs",
        "shm",
        List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
    declared(mounts, plan);
    bind(mounts, etc.hosts(), "/etc/hosts", plan.spec().readonlyRootFilesystem());
    bind(mounts, etc.hostname(), "/etc/hostname", plan.spec().readonlyRootFilesystem());
    bind(mounts, etc.resolvConf(), "/etc/resolv.conf", plan.spec().readonlyRootFilesystem());
    if (plan.spec().linux().initProcess()) {
      bind(
          mounts,
          init.orElseThrow(
              () ->
                  new RuntimeFailure(
                      "initProcessEnabled needs the program catatonit or tini on this host")),
          INIT_PATH,
          true);
    }
    return mounts;
  }

  /** What is declared, the outer before the inner. */
  private static void declared(ArrayNode mounts, ContainerPlan plan) throws RuntimeFailure {
    var byDepth = new ArrayList<String>();
    plan.spec().linux().tmpfs().forEach(each -> byDepth.add(each.containerPath()));
    plan.spec().volumeMounts().forEach(each -> byDepth.add(each.containerPath()));
    byDepth.sort(comparingInt(path -> Path.of("/").resolve(path).normalize().getNameCount()));
    for (var path : byDepth) {
      for (var tmpfs : plan.spec().linux().tmpfs()) {
        if (tmpfs.containerPath().equals(path)) {
          var options = new ArrayList<>(List.of("nosuid", "nodev", "noexec"));
          options.addAll(tmpfs.mountOptions());
          options.add("size=" + tmpfs.sizeMib() + "m");
          mount(mounts, path, "tmpfs", "tmpfs", options);
        }
      }
      for (var volume : plan.spec().volumeMounts()) {
        if (volume.containerPath().equals(path)) {
          bind(mounts, source(plan, volume.volume()), path, volume.readOnly());
        }
      }
    }
  }

  private static Path source(ContainerPlan plan, String volume) throws RuntimeFailure {
    var source = plan.volumes().get(volume);
    if (source == null) {
      throw new RuntimeFailure("the task has no volume '" + volume + "'");
    }
    return source;
  }

  private static void mount(
      ArrayNode mounts, String target, String type, String source, List<String> options) {
    var mount =
        mounts.addObject().put("destination", target).put("type", type).put("source", source);
    options.forEach(mount.putArray("options")::add);
  }

  private static void bind(ArrayNode mounts, Path source, String target, boolean readOnly) {
    mount(
        mounts,
        target,
        "bind",
        source.toString(),
        List.of("bind", "rprivate", readOnly ? "ro" : "rw"));
  }

  private ObjectNode linux(ContainerPlan plan, Optional<Path> pids) {
    var linux = JSON.objectNode();
    linux.put("cgroupsPath", plan.cgroupPath());
    var namespaces = linux.putArray("namespaces");
    var pidNamespace = namespaces.addObject().put("type", "pid");
    pids.ifPresent(path -> pidNamespace.put("path", path.toString()));
    for (var type : List.of("ipc", "uts", "mount", "cgroup")) {
      namespaces.addObject().put("type", type);
    }
    namespaces.addObject().put("type", "network").put("path", plan.networkNamespace().toString());
    linux.set("resources", resources(plan));
    if (!plan.spec().linux().systemControls().isEmpty()) {
      var controls = linux.putObject("sysctl");
      new TreeMap<>(plan.spec().linux().systemControls()).forEach(controls::put);
    }
    linux.putRawValue("seccomp", seccomp.rules());
    MASKED.forEach(linux.putArray("maskedPaths")::add);
    READ_ONLY.forEach(linux.putArray("readonlyPaths")::add);
    return linux;
  }

  /** The task's own limits are on the cgroup above; these are the container's part of them. */
  private static ObjectNode resources(ContainerPlan plan) {
    var spec = plan.spec();
    var resources = JSON.objectNode();
    resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
    resources.putObject("cpu").put("shares", Math.max(CPU_SHARES_MIN, spec.cpuUnits()));
    if (spec.memoryMib().isPresent() || spec.memoryReservationMib().isPresent()) {
      var memory = resources.putObject("memory");
      spec.memoryMib().ifPresent(mib -> memory.put("limit", (long) mib << 20));
      spec.memoryReservationMib().ifPresent(mib -> memory.put("reservation", (long) mib << 20));
    }
    return resources;
  }
}
