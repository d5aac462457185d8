package dev.berth.store;

/** Something that must be true for a transaction to be applied. */
public sealed interface Compare {

  /** The key is at this version; 0 means that it is absent. */
  record AtVersion(String key, long version) implements Compare {
    public AtVersion {
      Keys.valid(key);
      if (version < 0) {
        throw new IllegalArgumentException("version " + version + " of " + key + " is negative");
      }
    }
  }

  /** No key begins with this prefix. */
  record PrefixFree(String prefix) implements Compare {
    public PrefixFree {
      Keys.validPrefix(prefix);
    }
  }
}
