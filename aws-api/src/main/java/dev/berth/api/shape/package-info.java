/**
 * What AWS's official service models say beyond the SDK's classes: operations, constraints, error
 * codes and protocols.
 *
 * <p>What enters: one committed resource a service, made by the reducer beside this package's
 * tests. What leaves: a {@link dev.berth.api.shape.ServiceModel}, and the violations that {@link
 * dev.berth.api.shape.ConstraintCheck} finds in a request.
 *
 * <p>Invariants: immutable; a resource's head is read when a service is bound, its shapes only when
 * the first request needs them; a test holds every resource against the SDK's classes.
 *
 * <p>Start reading at {@link dev.berth.api.shape.ServiceModel}.
 */
@NullMarked
package dev.berth.api.shape;

import org.jspecify.annotations.NullMarked;
