package dev.berth.control.secret;

/** Why Parameter Store does not do what it was asked; nothing has changed. */
public final class ParameterRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final Why why;

  /** Each becomes one of Systems Manager's errors at the edge. */
  public enum Why {
    NOT_FOUND,
    VERSION_NOT_FOUND,
    EXISTS,
    INVALID,
    TYPE_MISMATCH,
    HIERARCHY_TOO_DEEP,
    PATTERN_MISMATCH,
    INVALID_PATTERN,
    TOO_MANY_TAGS
  }

  ParameterRefused(Why why, String message) {
    super(message, null, false, false);
    this.why = why;
  }

  public Why why() {
    return why;
  }

  /** In AWS's words where they are known. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
