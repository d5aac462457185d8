package dev.berth.api.ec2;

import dev.berth.api.ecs.TaskAttachment;
import dev.berth.control.query.NetworkView;
import dev.berth.control.state.HeldInterface;
import dev.berth.control.state.NetworkKind;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.NetworkInterface;
import dev.berth.model.network.SecurityGroup;
import dev.berth.model.network.SecurityGroupId;
import dev.berth.model.network.Subnet;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.task.Task;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAssociation;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceIpv6Address;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;

/**
 * An interface as EC2 shows it. That of a task is managed by its requester, hangs on an instance
 * that is nobody's to see, and names in its description the attachment that DescribeTasks shows.
 */
final class InterfaceShape {
  private InterfaceShape() {}

  static software.amazon.awssdk.services.ec2.model.NetworkInterface of(
      NetworkView view, HeldInterface held) {
    EniSpec eni = held.eni();
    var builder =
        software.amazon.awssdk.services.ec2.model.NetworkInterface.builder()
            .networkInterfaceId(eni.id().value())
            .vpcId(eni.vpc().value())
            .subnetId(eni.subnet().value())
            .availabilityZone(zone(view, eni))
            .ownerId(held.realm().account().value())
            .macAddress(eni.macAddress())
            .privateIpAddress(eni.privateAddress().value())
            .privateDnsName(eni.privateDnsName())
            .privateIpAddresses(privateAddress(held))
            .ipv6Addresses(
                eni.ipv6Address().stream()
                    .map(
                        it -> NetworkInterfaceIpv6Address.builder().ipv6Address(it.value()).build())
                    .toList())
            .groups(eni.groups().stream().map(id -> group(view, id)).toList())
            .association(association(held).orElse(null))
            .description(description(view, held))
            .interfaceType(interfaceType(held))
            .requesterManaged(isRequesterManaged(held))
            .sourceDestCheck(sourceDestCheck(view, held))
            .status(status(held))
            .tagSet(Ec2Tags.of(view.tags(eni.id().value())));
    if (isRequesterManaged(held)) {
      builder.requesterId(held.realm().account().value());
      builder.attachment(attachment(view, held));
    }
    return builder.build();
  }

  static boolean isRequesterManaged(HeldInterface held) {
    return !(held.owner() instanceof HeldInterface.Owner.OfAccount);
  }

  static String status(HeldInterface held) {
    return isRequesterManaged(held) ? "in-use" : "available";
  }

  static String interfaceType(HeldInterface held) {
    return switch (held.owner()) {
      case HeldInterface.Owner.OfNatGateway _ -> "nat_gateway";
      case HeldInterface.Owner.OfVpcEndpoint _ -> "vpc_endpoint";
      case HeldInterface.Owner.OfTask _, HeldInterface.Owner.OfAccount _ -> "interface";
    };
  }

  static String description(NetworkView view, HeldInterface held) {
    return switch (held.owner()) {
      case HeldInterface.Owner.OfTask _ ->
          held.realm().arn("ecs", "attachment/" + attachmentId(held.eni())).toString();
      case HeldInterface.Owner.OfNatGateway(var id) -> "Interface for NAT Gateway " + id;
      case HeldInterface.Owner.OfVpcEndpoint(var id) -> "VPC Endpoint Interface " + id;
      case HeldInterface.Owner.OfAccount _ ->
          view.made(held.eni().id()).map(NetworkInterface::description).orElse("");
    };
  }

  /** The id under which DescribeTasks shows it. */
  static String attachmentId(EniSpec eni) {
    return TaskAttachment.id(eni);
  }

  static String zone(NetworkView view, EniSpec eni) {
    return view.find(NetworkKind.SUBNET, eni.subnet()).map(Subnet::zoneName).orElse("");
  }

  private static boolean sourceDestCheck(NetworkView view, HeldInterface held) {
    return switch (held.owner()) {
      case HeldInterface.Owner.OfTask _, HeldInterface.Owner.OfVpcEndpoint _ -> true;
      case HeldInterface.Owner.OfNatGateway _ -> false;
      case HeldInterface.Owner.OfAccount _ ->
          view.made(held.eni().id()).map(NetworkInterface::sourceDestCheck).orElse(true);
    };
  }

  private static NetworkInterfaceAttachment attachment(NetworkView view, HeldInterface held) {
    return NetworkInterfaceAttachment.builder()
        .attachmentId("eni-attach-" + VpcShape.derived("attach/" + held.eni().id()))
        .attachTime(since(view, held))
        .deleteOnTermination(false)
        .deviceIndex(1)
        .instanceOwnerId("amazon-aws")
        .status("attached")
        .build();
  }

  private static Instant since(NetworkView view, HeldInterface held) {
    return switch (held.owner()) {
      case HeldInterface.Owner.OfTask(var id) ->
          view.task(id).map(Task::createdAt).orElse(Instant.EPOCH);
      case HeldInterface.Owner.OfNatGateway(var id) ->
          view.find(NetworkKind.NAT_GATEWAY, id).map(NatGateway::createdAt).orElse(Instant.EPOCH);
      case HeldInterface.Owner.OfVpcEndpoint(var id) ->
          view.find(NetworkKind.VPC_ENDPOINT, id).map(VpcEndpoint::createdAt).orElse(Instant.EPOCH);
      case HeldInterface.Owner.OfAccount _ ->
          view.made(held.eni().id()).map(NetworkInterface::createdAt).orElse(Instant.EPOCH);
    };
  }

  private static Optional<NetworkInterfaceAssociation> association(HeldInterface held) {
    return held.eni()
        .publicAddress()
        .map(
            address ->
                NetworkInterfaceAssociation.builder()
                    .publicIp(address.value())
                    .publicDnsName("")
                    .ipOwnerId("amazon")
                    .build());
  }

  private static NetworkInterfacePrivateIpAddress privateAddress(HeldInterface held) {
    return NetworkInterfacePrivateIpAddress.builder()
        .primary(true)
        .privateIpAddress(held.eni().privateAddress().value())
        .privateDnsName(held.eni().privateDnsName())
        .association(association(held).orElse(null))
        .build();
  }

  private static GroupIdentifier group(NetworkView view, SecurityGroupId id) {
    return GroupIdentifier.builder()
        .groupId(id.value())
        .groupName(view.find(NetworkKind.SECURITY_GROUP, id).map(SecurityGroup::name).orElse(null))
        .build();
  }
}
