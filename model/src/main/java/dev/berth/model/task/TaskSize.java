package dev.berth.model.task;

import dev.berth.model.host.Capacity;

/**
 * A task's size.
 *
 * @param cpuUnits 1024 are one processor
 * @param memoryMib mebibytes
 */
public record TaskSize(int cpuUnits, int memoryMib) {
  public TaskSize {
    if (cpuUnits <= 0 || memoryMib <= 0) {
      throw new IllegalArgumentException("a task needs CPU and memory");
    }
  }

  /** What it takes of a host. */
  public Capacity capacity() {
    return new Capacity(cpuUnits, memoryMib);
  }
}
