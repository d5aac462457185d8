package dev.berth.api.protocol;

/** A request that cannot be read as the shape it should be. The message is fit for the client. */
public final class MalformedRequest extends RuntimeException {

  /** A refusal of what a client sent. */
  public MalformedRequest(String message) {
    super(message, null, false, false); // Clients cause these at will: no stack trace.
  }
}
