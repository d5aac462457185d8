package dev.berth.store;

/** A change to one key: asked for in a {@link Transaction}, told of in a {@link WatchEvent}. */
public sealed interface Write {

  String key();

  /** The key has this value. It counts as a change even if the value was the same. */
  record Put(String key, Value value) implements Write {
    public Put {
      Keys.valid(key);
    }
  }

  /** The key is absent. Deleting an absent key is no error and no change. */
  record Delete(String key) implements Write {
    public Delete {
      Keys.valid(key);
    }
  }
}
