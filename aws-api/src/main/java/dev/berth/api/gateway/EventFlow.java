package dev.berth.api.gateway;

import java.io.IOException;
import software.amazon.awssdk.core.SdkPojo;

/** Events that are sent one after the other, for as long as the client listens. */
@FunctionalInterface
public interface EventFlow {
  /** Sends until there is no more to send; an {@link IOException} says that the client has gone. */
  void run(Sink sink) throws IOException, InterruptedException;

  /** Where events go. Each is on its way when the call returns. */
  interface Sink {
    /**
     * Sends an event.
     *
     * @param type the name that the service's model gives it
     */
    void event(String type, SdkPojo event) throws IOException;

    /** Sends an error that the model has; nothing follows it. */
    void error(String type, String message) throws IOException;
  }
}
