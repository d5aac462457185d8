package dev.berth.api.protocol;

import software.amazon.awssdk.core.SdkPojo;

/**
 * One of AWS's wire protocols, as one service speaks it.
 *
 * <p>Thread-safe. A further protocol is a further implementation: CBOR has {@link JsonProtocol}'s
 * codec over another factory.
 */
public sealed interface WireProtocol permits JsonProtocol, QueryProtocol, Ec2Protocol {

  /**
   * Fills a builder with what a request says.
   *
   * @throws MalformedRequest if the request is not of this protocol or this shape
   */
  void decode(WireRequest request, SdkPojo builder);

  /** The answer of an operation that succeeded. */
  WireAnswer encode(String operation, SdkPojo output, String requestId);

  /** The answer of one that did not. */
  WireAnswer encode(WireError error, String requestId);
}
