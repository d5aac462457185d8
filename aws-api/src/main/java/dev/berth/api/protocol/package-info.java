/**
 * AWS's wire protocols over the official shapes.
 *
 * <p>The SDK's classes describe their own members ({@code SdkPojo.sdkFields()}), so that one codec
 * a notation serves every service and no shape is written by hand.
 *
 * <p>What enters: a request's bytes and an empty builder of its shape, or a shape and an error to
 * send. What leaves: the filled builder, or a {@link dev.berth.api.protocol.WireAnswer}.
 *
 * <p>Invariants: nothing here knows a service, a handler or the server; what a client sends is
 * bounded in depth and count before it is walked; a member that was not sent stays unset, and an
 * empty list is not an unset one.
 *
 * <p>Start reading at {@link dev.berth.api.protocol.WireProtocol}.
 */
@NullMarked
package dev.berth.api.protocol;

import org.jspecify.annotations.NullMarked;
