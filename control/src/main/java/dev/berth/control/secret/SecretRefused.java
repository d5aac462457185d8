package dev.berth.control.secret;

/** Why Secrets Manager does not do what it was asked; nothing has changed. */
public final class SecretRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final Why why;

  /** Each becomes one of Secrets Manager's errors at the edge. */
  public enum Why {
    NOT_FOUND,
    EXISTS,
    INVALID_PARAMETER,
    /** The request does not suit how the secret stands now. */
    INVALID_REQUEST,
    LIMIT_EXCEEDED
  }

  SecretRefused(Why why, String message) {
    super(message, null, false, false);
    this.why = why;
  }

  static SecretRefused notFound() {
    return new SecretRefused(Why.NOT_FOUND, "Secrets Manager can't find the specified secret.");
  }

  public Why why() {
    return why;
  }

  /** In AWS's words where they are known. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
