package dev.berth.model.signature;

import java.time.Instant;
import java.util.Optional;

/**
 * An access key as the server knows it: its secret, and whose it is.
 *
 * @param expiresAt absent for long-lived ones
 */
public record AccessKey(Credentials credentials, Principal principal, Optional<Instant> expiresAt) {
  /** A long-lived key. */
  public AccessKey(Credentials credentials, Principal principal) {
    this(credentials, principal, Optional.empty());
  }
}
