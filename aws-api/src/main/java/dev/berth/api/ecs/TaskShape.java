package dev.berth.api.ecs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.api.protocol.ShapeText;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.ContainerSpec;
import dev.berth.model.task.Health;
import dev.berth.model.task.StopReason;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.EphemeralStorage;
import software.amazon.awssdk.services.ecs.model.TaskEphemeralStorage;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** A task as DescribeTasks shows it. */
final class TaskShape {
  private TaskShape() {}

  static software.amazon.awssdk.services.ecs.model.Task of(Task task, boolean withTags) {
    var origin = task.origin();
    var builder =
        software.amazon.awssdk.services.ecs.model.Task.builder()
            .taskArn(task.arn().toString())
            .clusterArn(task.cluster().arn().toString())
            .taskDefinitionArn(task.definition().arn().toString())
            .lastStatus(task.state().lastStatus())
            .desiredStatus(task.state().desiredStatus())
            .cpu(Integer.toString(task.spec().size().cpuUnits()))
            .memory(Integer.toString(task.spec().size().memoryMib()))
            .launchType(origin.launchType().orElse(null))
            .capacityProviderName(origin.capacityProvider().orElse(null))
            .platformVersion(origin.platformVersion())
            .platformFamily("Linux")
            .group(origin.group().orElse(null))
            .startedBy(origin.startedBy().orElse(null))
            .overrides(ShapeText.fill(origin.overrides().json(), TaskOverride.builder()).build())
            .enableExecuteCommand(origin.executeCommandEnabled())
            .ephemeralStorage(
                EphemeralStorage.builder().sizeInGiB(task.spec().storageGib()).build())
            .fargateEphemeralStorage(
                TaskEphemeralStorage.builder().sizeInGiB(task.spec().storageGib()).build())
            .healthStatus(task.health().name())
            .version(task.version())
            .createdAt(task.createdAt())
            .stoppingAt(earliest(task))
            .stoppedAt(task.stoppedAt().orElse(null))
            .attachments(TaskAttachment.of(task))
            .availabilityZone(origin.availabilityZone().orElse(null))
            .attributes(architecture(task))
            .containers(containers(task))
            .tags(withTags ? EcsTags.of(task.tags()) : List.of());
    task.state().stopReason().ifPresent(reason -> stopped(builder, reason));
    task.report().ifPresent(report -> reported(builder, report));
    return builder.build();
  }

  private static @Nullable Instant earliest(Task task) {
    return task.report().flatMap(TaskReport::stoppingAt).or(task::stopRequestedAt).orElse(null);
  }

  private static Attribute architecture(Task task) {
    return Attribute.builder()
        .name("ecs.cpu-architecture")
        .value(task.origin().architecture().toLowerCase(Locale.ROOT))
        .build();
  }

  private static void stopped(
      software.amazon.awssdk.services.ecs.model.Task.Builder builder, StopReason reason) {
    builder.stopCode(reason.code().wireName()).stoppedReason(reason.text());
  }

  private static void reported(
      software.amazon.awssdk.services.ecs.model.Task.Builder builder, TaskReport report) {
    builder
        .pullStartedAt(report.pullStartedAt().orElse(null))
        .pullStoppedAt(report.pullStoppedAt().orElse(null))
        .connectivityAt(report.connectivityAt().orElse(null))
        .connectivity(report.connectivityAt().isPresent() ? "CONNECTED" : null)
        .startedAt(report.startedAt().orElse(null))
        .executionStoppedAt(report.executionStoppedAt().orElse(null));
  }

  private static List<Container> containers(Task task) {
    Map<String, ContainerReport> reports =
        task.report().map(TaskReport::containers).orElse(List.of()).stream()
            .collect(Collectors.toMap(ContainerReport::name, Function.identity()));
    return task.spec().containers().stream()
        .map(spec -> container(task, spec, Optional.ofNullable(reports.get(spec.name()))))
        .toList();
  }

  private static Container container(
      Task task, ContainerSpec spec, Optional<ContainerReport> report) {
    var builder =
        Container.builder()
            .containerArn(containerArn(task, spec))
            .taskArn(task.arn().toString())
            .name(spec.name())
            .image(spec.image())
            .networkInterfaces(TaskAttachment.interfaces(task))
            .healthStatus(report.flatMap(ContainerReport::health).orElse(Health.UNKNOWN).name())
            .cpu(Integer.toString(spec.cpuUnits()))
            .lastStatus(report.map(each -> each.status().name()).orElse("PENDING"));
    spec.memoryMib().ifPresent(memory -> builder.memory(Integer.toString(memory)));
    spec.memoryReservationMib()
        .ifPresent(memory -> builder.memoryReservation(Integer.toString(memory)));
    report.ifPresent(
        each -> {
          builder
              .runtimeId(each.runtimeId().orElse(null))
              .imageDigest(each.imageDigest().orElse(null))
              .reason(each.reason().orElse(null));
          each.exitCode().ifPresent(builder::exitCode);
        });
    if (report.isEmpty() && task.state().isStopped()) {
      builder.lastStatus("STOPPED"); // It never came to a host.
    }
    return builder.build();
  }

  /** The last part is derived, so that it is the same at every look. */
  private static String containerArn(Task task, ContainerSpec spec) {
    UUID id = UUID.nameUUIDFromBytes((task.id() + "/" + spec.name()).getBytes(UTF_8));
    return task.spec()
        .realm()
        .arn("ecs", "container/" + task.spec().cluster() + "/" + task.id() + "/" + id)
        .toString();
  }
}
