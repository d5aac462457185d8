package dev.berth.logs.segment;

import java.util.List;

/** Says of each event of a block, one after the other, when it arrived. */
final class ArrivalCursor {
  private final List<BlockRecord.Arrival> arrivals;
  private int index;
  private int passedCount;

  ArrivalCursor(List<BlockRecord.Arrival> arrivals) {
    this.arrivals = arrivals;
  }

  long next() {
    while (passedCount == arrivals.get(index).eventCount()) {
      index++;
      passedCount = 0;
    }
    passedCount++;
    return arrivals.get(index).ingestedMillis();
  }
}
