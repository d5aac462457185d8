package dev.berth.control.state;

import dev.berth.model.identity.Realm;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.NatGateway;
import dev.berth.model.network.NatGatewayId;
import dev.berth.model.network.NetworkInterface;
import dev.berth.model.network.RealmResource;
import dev.berth.model.network.VpcEndpoint;
import dev.berth.model.network.VpcEndpointId;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network interface that exists now, with whom it belongs to. It exists exactly as long as its
 * owner's record says so: nothing has to be released, and nothing can be left behind.
 */
public record HeldInterface(EniSpec eni, Realm realm, Owner owner) implements RealmResource {

  /** Whose it is. */
  public sealed interface Owner {
    /** A task's, until its host has said that nothing of the task is left. */
    record OfTask(TaskId task) implements Owner {}

    record OfNatGateway(NatGatewayId gateway) implements Owner {}

    record OfVpcEndpoint(VpcEndpointId endpoint) implements Owner {}

    /** Made by itself. */
    record OfAccount() implements Owner {}
  }

  /** The interfaces that a record stands for. */
  static List<HeldInterface> of(@Nullable Record entry) {
    return switch (entry) {
      case Task task when isHeld(task) ->
          List.of(
              new HeldInterface(
                  task.spec().eni(), task.spec().realm(), new Owner.OfTask(task.id())));
      case NatGateway gateway when gateway.deletedAt().isEmpty() ->
          List.of(
              new HeldInterface(
                  gateway.eni(), gateway.realm(), new Owner.OfNatGateway(gateway.id())));
      case VpcEndpoint endpoint ->
          endpoint.interfaces().stream()
              .map(
                  each ->
                      new HeldInterface(
                          each.eni(), endpoint.realm(), new Owner.OfVpcEndpoint(endpoint.id())))
              .toList();
      case NetworkInterface made ->
          List.of(new HeldInterface(made.eni(), made.realm(), new Owner.OfAccount()));
      case null, default -> List.of();
    };
  }

  private static boolean isHeld(Task task) {
    return task.state() instanceof TaskState.Provisioning || task.state().holder().isPresent();
  }
}
