package dev.berth.api.gateway;

import dev.berth.api.protocol.WireError;
import dev.berth.api.protocol.WireProtocol;

/** Where a request goes. */
sealed interface Destination {

  /** An operation of an AWS service, there or not. */
  record Aws(ServiceBinding service, String operation) implements Destination {}

  /** An operation of Berth's own, there or not. */
  record Own(JsonService service, String operation) implements Destination {}

  /** No service here has it. */
  record Nowhere(WireProtocol protocol, WireError error) implements Destination {}
}
