package dev.berth.store.embedded;

import java.nio.file.Path;

/** The paths of a store's directory. */
record Layout(Path directory) {

  /** Held locked while the store is open; names the process that holds it. */
  Path lock() {
    return directory.resolve("LOCK");
  }

  /** The version of everything else in the directory. */
  Path format() {
    return directory.resolve("FORMAT");
  }

  /** Where the format is written before it gets its name. */
  Path newFormat() {
    return directory.resolve("FORMAT.new");
  }

  /** Where RocksDB's native library lies while it is being loaded. */
  Path nativeLibrary() {
    return directory.resolve("native");
  }

  /** RocksDB's own. */
  Path database() {
    return directory.resolve("db");
  }
}
