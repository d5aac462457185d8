package dev.berth.logs.segment;

import dev.berth.logs.LogStore;
import dev.berth.logs.LogStoreConformance;
import java.nio.file.Path;

class SegmentLogStoreTest extends LogStoreConformance {
  @Override
  protected LogStore open(Path folder) {
    return SegmentLogStore.open(folder, CLOCK);
  }
}
