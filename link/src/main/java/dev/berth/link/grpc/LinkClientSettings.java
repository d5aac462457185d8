package dev.berth.link.grpc;

import dev.berth.link.message.ToControl;

/**
 * How an agent keeps its connection.
 *
 * @param token that control wants to see
 * @param backoffMillisMin before the second attempt; doubled with each that fails
 * @param backoffMillisMax between two attempts at the most
 */
public record LinkClientSettings(
    String token, long heartbeatMillis, long backoffMillisMin, long backoffMillisMax) {
  public static final long BACKOFF_MILLIS_MIN_STANDARD = 50;
  public static final long BACKOFF_MILLIS_MAX_STANDARD = 5_000;

  public LinkClientSettings(String token) {
    this(
        token,
        1_000L * ToControl.Heartbeat.INTERVAL_SECONDS,
        BACKOFF_MILLIS_MIN_STANDARD,
        BACKOFF_MILLIS_MAX_STANDARD);
  }

  @Override
  public String toString() {
    return "LinkClientSettings[heartbeatMillis=" + heartbeatMillis + "]";
  }
}
