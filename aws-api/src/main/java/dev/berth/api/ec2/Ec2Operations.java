package dev.berth.api.ec2;

import dev.berth.api.gateway.ApiException;
import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.control.command.Refused;
import dev.berth.control.command.vpc.NetworkRefused;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;

/**
 * Collects EC2's operations from the groups that offer them.
 *
 * <p>What holds of all: a dry run changes nothing, and after a change the hosts are told.
 */
public final class Ec2Operations {
  private static final int DRY_RUN_STATUS = 412;

  private final ServiceBinding.Builder builder = ServiceBinding.of("ec2");
  private final Runnable tellHosts;

  private Ec2Operations(Runnable tellHosts) {
    this.tellHosts = tellHosts;
  }

  /**
   * EC2, ready to be served.
   *
   * @param tellHosts called when something has changed
   */
  public static ServiceBinding binding(Runnable tellHosts, Group... groups) {
    var operations = new Ec2Operations(tellHosts);
    for (Group group : groups) {
      group.addTo(operations);
    }
    return operations.builder.build();
  }

  /** Adds an operation that only looks. */
  public <I extends AwsRequest, O extends AwsResponse> Ec2Operations look(
      Class<I> request, RefusableOperation<I, O> operation) {
    builder.on(request, (context, input) -> call(operation, context, input));
    return this;
  }

  /** Adds an operation that changes something. */
  public <I extends AwsRequest, O extends AwsResponse> Ec2Operations change(
      Class<I> request, RefusableOperation<I, O> operation) {
    builder.on(
        request,
        (context, input) -> {
          O output = call(operation, context, input);
          tellHosts.run();
          return output;
        });
    return this;
  }

  private static <I extends AwsRequest, O extends AwsResponse> O call(
      RefusableOperation<I, O> operation, CallContext context, I input) {
    if (input.getValueForField("DryRun", Boolean.class).orElse(false)) {
      throw new ApiException(
          "DryRunOperation",
          DRY_RUN_STATUS,
          "Request would have succeeded, but DryRun flag is set.");
    }
    try {
      return operation.call(context, input);
    } catch (NetworkRefused refused) {
      throw new ApiException(refused.error().wireName(), refused.text());
    } catch (Refused refused) {
      throw new ApiException("InvalidParameterValue", refused.refusal().message());
    }
  }

  /** Operations that belong together. */
  @FunctionalInterface
  public interface Group {
    /** Adds each of them by {@link Ec2Operations#look} or {@link Ec2Operations#change}. */
    void addTo(Ec2Operations operations);
  }

  /** One operation over the SDK's request and response. */
  @FunctionalInterface
  public interface RefusableOperation<I, O> {
    O call(CallContext context, I request) throws NetworkRefused, Refused;
  }
}
