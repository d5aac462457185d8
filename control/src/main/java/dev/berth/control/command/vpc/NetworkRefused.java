package dev.berth.control.command.vpc;

/** A command on a network is refused, by one of EC2's errors; nothing is changed. */
public final class NetworkRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final NetworkError error;

  /**
   * @param message for the client; it names what is wrong
   */
  public NetworkRefused(NetworkError error, String message) {
    super(message, null, false, false); // Part of the contract, not a bug: no stack trace.
    this.error = error;
  }

  public NetworkError error() {
    return error;
  }

  /** The sentence for the client. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
