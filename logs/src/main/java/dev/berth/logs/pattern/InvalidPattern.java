package dev.berth.logs.pattern;

/** A text that is no filter pattern; the message says why. */
public final class InvalidPattern extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidPattern(String message) {
    super(message);
  }
}
