package dev.berth.store.embedded;

import dev.berth.store.Store;
import dev.berth.store.StoreConformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreConformance {
  @TempDir Path parent;

  @Override
  protected Store openEmpty(int historyRevisionCount) throws IOException {
    return EmbeddedStore.open(Files.createTempDirectory(parent, "store"), historyRevisionCount);
  }
}
