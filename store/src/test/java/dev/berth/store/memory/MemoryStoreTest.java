package dev.berth.store.memory;

import dev.berth.store.Store;
import dev.berth.store.StoreConformance;

class MemoryStoreTest extends StoreConformance {
  @Override
  protected Store openEmpty(int historyRevisionCount) {
    return new MemoryStore(historyRevisionCount);
  }
}
