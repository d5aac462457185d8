package dev.berth.model.signature;

import java.util.Optional;

/** Where the server finds the access key that a request names. */
@FunctionalInterface
public interface AccessKeys {

  /**
   * The key of this id, also one that has expired; empty if it is unknown or disabled, or the token
   * is not its.
   *
   * @param sessionToken as the request carries it; empty if it has none
   */
  Optional<AccessKey> find(String accessKeyId, String sessionToken);
}
