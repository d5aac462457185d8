/**
 * The one endpoint: every service on one port.
 *
 * <p>What enters: HTTP requests; access keys, a clock, and the operations of each service as {@link
 * dev.berth.api.gateway.ServiceBinding}s. What leaves: an operation is called with a decoded, valid
 * request of a known caller, and its answer or error goes back as the client's protocol wants it.
 *
 * <p>Invariants: no operation runs for a request whose signature does not hold; account and region
 * come from the key and the credential scope alone; a bug in an operation is logged and answered
 * with a bare 500; bodies, and the memory for them, are bounded.
 *
 * <p>A service is written like this, and is done when it throws the SDK's own exceptions:
 *
 * <pre>{@code
 * ServiceBinding.of("ecs")
 *     .on(RunTaskRequest.class, tasks::run)
 *     .on(StopTaskRequest.class, tasks::stop)
 *     .build();
 * }</pre>
 *
 * <p>Start reading at {@link dev.berth.api.gateway.Gateway}; {@code RequestHandler} is the path of
 * one request.
 */
@NullMarked
package dev.berth.api.gateway;

import org.jspecify.annotations.NullMarked;
