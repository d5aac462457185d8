package dev.berth.control.secret;

import dev.berth.model.secret.Sealed;

/** Seals values, and opens what it sealed. */
public interface Vault {
  /**
   * Seals a value.
   *
   * @param about what it belongs to: it opens for the same alone, so that nobody who can write to
   *     the store can put one secret in another's place
   */
  Sealed seal(byte[] clear, String about);

  /**
   * The value as it was sealed.
   *
   * @throws IllegalStateException if this vault did not seal it for that
   */
  byte[] open(Sealed sealed, String about);
}
