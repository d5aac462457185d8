package dev.berth.simulation;

/** Control was killed here. An error, so that nothing on the way handles it. */
final class ControlDied extends Error {
  private static final long serialVersionUID = 1L;

  ControlDied() {
    super("control was killed", null, false, false);
  }
}
