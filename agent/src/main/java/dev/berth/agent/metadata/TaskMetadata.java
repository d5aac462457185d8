package dev.berth.agent.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.journal.TaskRecord;
import dev.berth.agent.network.LinkLocalService.Answer;
import dev.berth.agent.network.LinkLocalService.Caller;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.agent.snapshot.Snapshotter;
import dev.berth.agent.task.HostTasks;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.TaskPhase;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Answers a task's questions about itself. */
public final class TaskMetadata {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern PATH =
      Pattern.compile("/v[34]/([a-zA-Z0-9-]+)(/task|/taskWithTags|/stats|/task/stats)?/?");
  private static final int CPU_UNITS_PER_PROCESSOR = 1024;
  private static final long MIB_BYTES = 1L << 20;
  private static final int MIB_PER_GIB = 1024;

  private final HostTasks tasks;
  private final Snapshotter snapshots;
  private final String zone;
  private final ContainerStatistics statistics;

  /**
   * @param zone the availability zone's letter
   */
  public TaskMetadata(
      HostTasks tasks, Cgroups cgroups, Snapshotter snapshots, String zone, InstantSource clock) {
    this.tasks = tasks;
    this.snapshots = snapshots;
    this.zone = zone;
    this.statistics = new ContainerStatistics(cgroups, clock);
  }

  Answer answer(Caller caller, String path) throws IOException {
    var matcher = PATH.matcher(path);
    var record = tasks.find(caller.task());
    if (!matcher.matches() || record.isEmpty()) {
      return refusal("no such path: " + path);
    }
    var container = container(record.get(), matcher.group(1));
    if (container.isEmpty()) {
      return refusal("unable to get the container of " + matcher.group(1));
    }
    var what = Optional.ofNullable(matcher.group(2)).orElse("");
    JsonNode answer =
        switch (what) {
          case "/task", "/taskWithTags" -> task(record.get(), caller);
          case "/stats" -> statistics.of(key(record.get(), container.get()), caller);
          case "/task/stats" -> {
            var all = JSON.objectNode();
            for (var each : record.get().assignment().spec().containers()) {
              var key = key(record.get(), each);
              all.set(key.metadataId(), statistics.of(key, caller));
            }
            yield all;
          }
          default -> container(record.get(), container.get(), caller);
        };
    return new Answer(200, answer.toString());
  }

  private static Answer refusal(String why) {
    return new Answer(404, JSON.textNode(why).toString());
  }

  static Optional<ContainerSpec> container(TaskRecord record, String id) {
    return record.assignment().spec().containers().stream()
        .filter(each -> key(record, each).metadataId().equals(id))
        .findFirst();
  }

  private static ContainerKey key(TaskRecord record, ContainerSpec container) {
    return new ContainerKey(record.id(), container.name());
  }

  private ObjectNode task(TaskRecord record, Caller caller) throws IOException {
    var spec = record.assignment().spec();
    var realm = spec.realm();
    var report = record.report();
    var task = JSON.objectNode();
    task.put("Cluster", realm.arn("ecs", "cluster/" + spec.cluster()).toString());
    task.put("TaskARN", arn(record));
    task.put("Family", spec.family());
    task.put("Revision", Integer.toString(spec.revision()));
    task.put("DesiredStatus", desired(record));
    task.put("KnownStatus", report.phase() == TaskPhase.RUNNING ? "RUNNING" : "PENDING");
    task.putObject("Limits")
        .put("CPU", (double) spec.size().cpuUnits() / CPU_UNITS_PER_PROCESSOR)
        .put("Memory", spec.size().memoryMib());
    time(task, "PullStartedAt", report.pullStartedAt());
    time(task, "PullStoppedAt", report.pullStoppedAt());
    task.put("AvailabilityZone", realm.region().value() + zone);
    task.put("LaunchType", "FARGATE");
    OptionalLong used = snapshots.usedBytes(record.id());
    if (used.isPresent()) {
      task.putObject("EphemeralStorageMetrics")
          .put("Utilized", used.getAsLong() / MIB_BYTES)
          .put("Reserved", (long) spec.storageGib() * MIB_PER_GIB);
    }
    task.put("VPCID", caller.eni().vpc().value());
    var containers = task.putArray("Containers");
    spec.containers().forEach(each -> containers.add(container(record, each, caller)));
    return task;
  }

  static String arn(TaskRecord record) {
    var spec = record.assignment().spec();
    return spec.realm().arn("ecs", "task/" + spec.cluster() + "/" + spec.id()).toString();
  }

  private static String desired(TaskRecord record) {
    return record.report().stopReason().isPresent() ? "STOPPED" : "RUNNING";
  }

  private static ObjectNode container(TaskRecord record, ContainerSpec spec, Caller caller) {
    var key = key(record, spec);
    var report =
        record.report().containers().stream()
            .filter(each -> each.name().equals(spec.name()))
            .findFirst()
            .orElseGet(() -> ContainerReport.pending(spec));
    var task = record.assignment().spec();
    var container = JSON.objectNode();
    container.put("DockerId", key.metadataId());
    container.put("Name", spec.name());
    container.put("DockerName", spec.name());
    container.put("Image", spec.image());
    report.imageDigest().ifPresent(digest -> container.put("ImageID", digest));
    var labels = container.putObject("Labels");
    labels.put("com.amazonaws.ecs.cluster", task.cluster());
    labels.put("com.amazonaws.ecs.container-name", spec.name());
    labels.put("com.amazonaws.ecs.task-arn", arn(record));
    labels.put("com.amazonaws.ecs.task-definition-family", task.family());
    labels.put("com.amazonaws.ecs.task-definition-version", Integer.toString(task.revision()));
    container.put("DesiredStatus", desired(record));
    container.put("KnownStatus", status(report.status()));
    var limits = container.putObject("Limits").put("CPU", spec.cpuUnits());
    spec.memoryMib().ifPresent(mib -> limits.put("Memory", mib));
    time(container, "CreatedAt", report.startedAt());
    time(container, "StartedAt", report.startedAt());
    time(container, "FinishedAt", report.stoppedAt());
    report.exitCode().ifPresent(code -> container.put("ExitCode", code));
    container.put("Type", "NORMAL");
    container.put(
        "ContainerARN",
        task.realm()
            .arn("ecs", "container/" + task.cluster() + "/" + task.id() + "/" + key.metadataId())
            .toString());
    container.putArray("Networks").add(network(caller));
    return container;
  }

  private static String status(ContainerReport.Status status) {
    return switch (status) {
      case PENDING -> "CREATED";
      case RUNNING -> "RUNNING";
      case STOPPED -> "STOPPED";
    };
  }

  private static ObjectNode network(Caller caller) {
    var eni = caller.eni();
    var network = JSON.objectNode();
    network.put("NetworkMode", "awsvpc");
    network.putArray("IPv4Addresses").add(eni.privateAddress().value());
    eni.ipv6Address().ifPresent(ip -> network.putArray("IPv6Addresses").add(ip.value()));
    network.put("AttachmentIndex", 0);
    network.put("MACAddress", eni.macAddress());
    caller.subnetRange().ifPresent(range -> network.put("IPv4SubnetCIDRBlock", range.toString()));
    caller
        .resolver()
        .ifPresent(server -> network.putArray("DomainNameServers").add(server.value()));
    network.put("PrivateDNSName", eni.privateDnsName());
    caller
        .gateway()
        .ifPresent(
            gateway ->
                network.put(
                    "SubnetGatewayIpv4Address", gateway.value() + "/" + caller.prefixLength()));
    return network;
  }

  private static void time(ObjectNode node, String name, Optional<Instant> at) {
    at.ifPresent(instant -> node.put(name, instant.toString()));
  }
}
