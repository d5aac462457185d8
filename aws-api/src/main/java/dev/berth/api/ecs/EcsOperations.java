package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.control.command.Refused;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;

/**
 * Collects ECS's operations from the groups that offer them.
 *
 * <pre>{@code
 * EcsOperations.binding(new ClusterOperations(…), new TaskOperations(…));
 * }</pre>
 */
public final class EcsOperations {
  private final ServiceBinding.Builder builder = ServiceBinding.of("ecs");

  private EcsOperations() {}

  /** ECS, ready to be served. */
  public static ServiceBinding binding(Group... groups) {
    var operations = new EcsOperations();
    for (Group group : groups) {
      group.addTo(operations);
    }
    return operations.builder.build();
  }

  /** Adds one operation; what it refuses is answered as ECS's error. */
  public <I extends AwsRequest, O extends AwsResponse> EcsOperations on(
      Class<I> request, RefusableOperation<I, O> operation) {
    builder.on(
        request,
        (context, input) -> {
          try {
            return operation.call(context, input);
          } catch (Refused refused) {
            throw EcsErrors.of(refused.refusal());
          }
        });
    return this;
  }

  /** Operations that belong together. */
  @FunctionalInterface
  public interface Group {
    /** Adds each of them by {@link EcsOperations#on}. */
    void addTo(EcsOperations operations);
  }

  /** One operation over the SDK's request and response. */
  @FunctionalInterface
  public interface RefusableOperation<I, O> {
    O call(CallContext context, I request) throws Refused;
  }
}
