package dev.berth.agent.task;

/** The agent was killed here. An error, so that nothing on the way handles it. */
public final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  public SimulatedCrash(String where) {
    super(where, null, false, false);
  }
}
