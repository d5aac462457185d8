package dev.berth.logs.memory;

import dev.berth.logs.LogStore;
import dev.berth.logs.LogStoreConformance;
import java.nio.file.Path;

class MemoryLogStoreTest extends LogStoreConformance {
  @Override
  protected LogStore open(Path folder) {
    return new MemoryLogStore(CLOCK);
  }
}
