package dev.berth.link.grpc;

import dev.berth.link.message.ToControl;

/**
 * How control takes its hosts' calls.
 *
 * @param token that every agent must show
 * @param silenceMillis after which a session without any message is ended
 */
public record LinkServerSettings(String token, long silenceMillis) {
  /** Three heartbeats lost: a machine under load misses one now and then. */
  public static final long SILENCE_MILLIS_STANDARD = 3_000L * ToControl.Heartbeat.INTERVAL_SECONDS;

  public LinkServerSettings {
    if (token.isBlank()) {
      throw new IllegalArgumentException("the agents' token is empty");
    }
  }

  public LinkServerSettings(String token) {
    this(token, SILENCE_MILLIS_STANDARD);
  }

  @Override
  public String toString() {
    return "LinkServerSettings[silenceMillis=" + silenceMillis + "]";
  }
}
