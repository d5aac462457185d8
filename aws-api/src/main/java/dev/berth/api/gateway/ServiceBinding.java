package dev.berth.api.gateway;

import dev.berth.api.protocol.Ec2Protocol;
import dev.berth.api.protocol.JsonProtocol;
import dev.berth.api.protocol.QueryProtocol;
import dev.berth.api.protocol.WireProtocol;
import dev.berth.api.shape.ServiceModel;
import dev.berth.api.shape.ServiceModel.OperationModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * An AWS service, and those of its operations that are there.
 *
 * <p>Operations of the service's model that are not bound are recognised, and refused by name.
 */
public final class ServiceBinding {
  private final ServiceModel model;
  private final WireProtocol protocol;
  private final Map<String, Bound<?>> operations;

  private ServiceBinding(ServiceModel model, Map<String, Bound<?>> operations) {
    this.model = model;
    this.protocol =
        switch (model.protocol()) {
          case JSON -> new JsonProtocol(model.jsonVersion(), model.isQueryCompatible());
          case QUERY -> new QueryProtocol(model.xmlNamespace());
          case EC2 -> new Ec2Protocol(model.xmlNamespace());
        };
    this.operations = Map.copyOf(operations);
  }

  /**
   * Begins the binding of a service, by the name of its model's resource, such as {@code ecs}.
   *
   * @throws IllegalArgumentException if there is no such model
   */
  public static Builder of(String service) {
    return new Builder(ServiceModel.load(service));
  }

  /** The name of the service in credential scopes and in the names of its endpoints. */
  public String signingName() {
    return model.signingName();
  }

  ServiceModel model() {
    return model;
  }

  WireProtocol protocol() {
    return protocol;
  }

  Optional<Bound<?>> operation(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  /** Collects the operations of one service. */
  public static final class Builder {
    private static final String REQUEST = "Request";

    private final ServiceModel model;
    private final Map<String, OperationModel> byRequest = new HashMap<>();
    private final Map<String, Bound<?>> operations = new HashMap<>();

    private Builder(ServiceModel model) {
      this.model = model;
      model
          .operations()
          .values()
          .forEach(it -> byRequest.put(model.sdkPackage() + "." + it.sdkName() + REQUEST, it));
    }

    /**
     * Binds the operation that takes this class of the SDK: {@code RunTaskRequest} is RunTask's.
     *
     * @throws IllegalArgumentException if the class is no request of this service, or is bound
     */
    public <I extends AwsRequest, O extends AwsResponse> Builder on(
        Class<I> request, Operation<I, O> operation) {
      return add(new Bound.Plain<>(known(request), request, operation));
    }

    /** Binds an operation that answers with events. */
    public <I extends AwsRequest> Builder onStream(Class<I> request, StreamOperation<I> operation) {
      return add(new Bound.Flowing<>(known(request), request, operation));
    }

    private OperationModel known(Class<?> request) {
      OperationModel known = byRequest.get(request.getName());
      if (known == null) {
        throw new IllegalArgumentException(request + " is no request of " + model.signingName());
      }
      return known;
    }

    private Builder add(Bound<?> bound) {
      if (operations.put(bound.name(), bound) != null) {
        throw new IllegalArgumentException(bound.name() + " is bound twice");
      }
      return this;
    }

    public ServiceBinding build() {
      return new ServiceBinding(model, operations);
    }
  }

  /** One operation and the class of its requests. */
  sealed interface Bound<I extends AwsRequest> {
    OperationModel model();

    Class<I> request();

    default String name() {
      return model().name();
    }

    default SdkPojo newRequest() {
      try {
        return (SdkPojo) request().getMethod("builder").invoke(null);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(request() + " has no builder", e);
      }
    }

    default I build(SdkPojo builder) {
      return request().cast(((SdkBuilder<?, ?>) builder).build());
    }

    /** One that answers once. */
    record Plain<I extends AwsRequest, O extends AwsResponse>(
        OperationModel model, Class<I> request, Operation<I, O> operation) implements Bound<I> {
      /**
       * Calls the operation, whose response must be of this operation, as the compiler cannot tell.
       */
      SdkPojo call(CallContext context, I input) {
        O output = operation.call(context, input);
        if (!output.getClass().getSimpleName().equals(model.sdkName() + "Response")) {
          throw new IllegalStateException(name() + " answered with a " + output.getClass());
        }
        return output;
      }
    }

    /** One that answers with events. */
    record Flowing<I extends AwsRequest>(
        OperationModel model, Class<I> request, StreamOperation<I> operation) implements Bound<I> {}
  }
}
