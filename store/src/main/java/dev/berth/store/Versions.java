package dev.berth.store;

import java.util.Optional;

/** The keys' versions at one moment: all that deciding on a transaction needs to know. */
public interface Versions {

  /** The version of the key, 0 if it is absent. */
  long versionOf(String key);

  /** The first key that begins with the prefix. */
  Optional<String> firstKey(String prefix);
}
