package dev.berth.api.gateway;

import dev.berth.api.protocol.EventStreamWriter;
import dev.berth.api.protocol.WireAnswer;
import java.io.IOException;

/** What goes back for a request. */
sealed interface Reply {
  record Whole(WireAnswer answer) implements Reply {}

  /** Events, for as long as the client listens. */
  record Flowing(String requestId, Body body) implements Reply {}

  /** Writes the events. */
  @FunctionalInterface
  interface Body {
    void writeTo(EventStreamWriter writer) throws IOException, InterruptedException;
  }
}
