package dev.berth.model.signature;

/**
 * What a client signs with.
 *
 * @param sessionToken sent along with temporary credentials; empty for long-lived ones
 */
public record Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {

  /** Long-lived credentials. */
  public Credentials(String accessKeyId, String secretAccessKey) {
    this(accessKeyId, secretAccessKey, "");
  }

  /** Names the key only: a secret in a log is a secret lost. */
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + "]";
  }
}
