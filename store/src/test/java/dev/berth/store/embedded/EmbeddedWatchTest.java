package dev.berth.store.embedded;

import dev.berth.store.Store;
import dev.berth.store.WatchConformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedWatchTest extends WatchConformance {
  @TempDir Path parent;

  @Override
  protected Store openEmpty(int historyRevisionCount) throws IOException {
    return EmbeddedStore.open(Files.createTempDirectory(parent, "store"), historyRevisionCount);
  }
}
