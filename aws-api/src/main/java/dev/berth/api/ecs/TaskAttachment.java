package dev.berth.api.ecs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.model.network.EniSpec;
import dev.berth.model.network.IpAddress;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskReport;
import dev.berth.model.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;

/** A task's network interface as DescribeTasks shows it. */
public final class TaskAttachment {
  private TaskAttachment() {}

  /** The attachment's id, derived, so that it is the same at every look. */
  public static String id(EniSpec eni) {
    return UUID.nameUUIDFromBytes(eni.id().value().getBytes(UTF_8)).toString();
  }

  static List<Attachment> of(Task task) {
    return List.of(of(task, task.spec().eni()));
  }

  /** The same from inside of each container: they all share it. */
  static List<NetworkInterface> interfaces(Task task) {
    EniSpec eni = task.spec().eni();
    return List.of(
        NetworkInterface.builder()
            .attachmentId(id(eni))
            .privateIpv4Address(eni.privateAddress().value())
            .ipv6Address(eni.ipv6Address().map(IpAddress::value).orElse(null))
            .build());
  }

  private static Attachment of(Task task, EniSpec eni) {
    var details = new ArrayList<KeyValuePair>();
    details.add(detail("subnetId", eni.subnet().value()));
    details.add(detail("networkInterfaceId", eni.id().value()));
    details.add(detail("macAddress", eni.macAddress()));
    details.add(detail("privateDnsName", eni.privateDnsName()));
    details.add(detail("privateIPv4Address", eni.privateAddress().value()));
    eni.ipv6Address().ifPresent(it -> details.add(detail("ipv6Address", it.value())));
    return Attachment.builder()
        .id(id(eni))
        .type("ElasticNetworkInterface")
        .status(status(task))
        .details(details)
        .build();
  }

  private static String status(Task task) {
    return switch (task.state()) {
      case TaskState.Provisioning _ -> "PRECREATED";
      case TaskState.Pending _, TaskState.Running _, TaskState.Stopping _ ->
          task.report().flatMap(TaskReport::connectivityAt).isPresent() ? "ATTACHED" : "ATTACHING";
      case TaskState.Deprovisioning _ -> "DETACHING";
      case TaskState.Stopped _ -> "DELETED";
    };
  }

  private static KeyValuePair detail(String name, String value) {
    return KeyValuePair.builder().name(name).value(value).build();
  }
}
