package dev.berth.store.memory;

import dev.berth.store.Store;
import dev.berth.store.WatchConformance;

class MemoryWatchTest extends WatchConformance {
  @Override
  protected Store openEmpty(int historyRevisionCount) {
    return new MemoryStore(historyRevisionCount);
  }
}
