package dev.berth.api.gateway;

/**
 * An operation that answers with events. What is wrong with the request it throws at once, as
 * {@link Operation}s do.
 */
@FunctionalInterface
public interface StreamOperation<I> {
  EventFlow call(CallContext context, I request);
}
