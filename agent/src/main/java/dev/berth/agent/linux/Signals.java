package dev.berth.agent.linux;

/** The numbers of the signals that Berth sends. */
public final class Signals {
  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;

  private Signals() {}
}
