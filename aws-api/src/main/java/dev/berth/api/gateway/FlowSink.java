package dev.berth.api.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.api.protocol.EventStreamWriter;
import java.io.IOException;
import software.amazon.awssdk.core.SdkPojo;

/** Writes a service's events in its own notation. */
final class FlowSink implements EventFlow.Sink {
  private final ServiceBinding service;
  private final EventStreamWriter writer;

  FlowSink(ServiceBinding service, EventStreamWriter writer) throws IOException {
    this.service = service;
    this.writer = writer;
    // What the answer says beside its events comes first: nothing, but clients wait for it.
    writer.event("initial-response", "{}".getBytes(UTF_8));
  }

  @Override
  public void event(String type, SdkPojo event) throws IOException {
    writer.event(type, service.protocol().encode(type, event, "").body());
  }

  @Override
  public void error(String type, String message) throws IOException {
    var json = JsonNodeFactory.instance.objectNode().put("message", message);
    writer.error(type, json.toString().getBytes(UTF_8));
  }
}
