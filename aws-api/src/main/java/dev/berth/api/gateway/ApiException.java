package dev.berth.api.gateway;

/** An error for the client that no service model has, such as all of EC2's. */
public final class ApiException extends RuntimeException {
  private final String code;
  private final int status;

  /** A client's mistake: status 400. */
  public ApiException(String code, String message) {
    this(code, 400, message);
  }

  /** An error with a status of HTTP of its own. */
  public ApiException(String code, int status, String message) {
    super(message, null, false, false); // Part of the contract, not a bug: no stack trace.
    this.code = code;
    this.status = status;
  }

  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  /** The text for the client. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
