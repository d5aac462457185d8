package dev.berth.api.gateway;

/**
 * One operation of an AWS service, over the SDK's request and response.
 *
 * <p>Called on a virtual thread, so that it may block; by many at once. The request has its
 * required members, and keeps the model's other constraints.
 *
 * <p>Failures that a client should see are thrown: as the SDK's exception of this service where its
 * model has the error ({@code ClusterNotFoundException.builder().message("Cluster not
 * found.").build()}), else as {@link ApiException}. Anything else is a bug of ours.
 */
@FunctionalInterface
public interface Operation<I, O> {
  O call(CallContext context, I request);
}
