package dev.berth.model.host;

/**
 * An amount of CPU and memory: what a host has, what tasks take, or what is left.
 *
 * @param cpuUnits 1024 are one processor
 * @param memoryMib mebibytes
 */
public record Capacity(long cpuUnits, long memoryMib) {
  public static final Capacity NONE = new Capacity(0, 0);

  public Capacity plus(Capacity other) {
    return new Capacity(cpuUnits + other.cpuUnits, memoryMib + other.memoryMib);
  }

  /** What is left; either figure may be negative where more is taken than there is. */
  public Capacity minus(Capacity other) {
    return new Capacity(cpuUnits - other.cpuUnits, memoryMib - other.memoryMib);
  }

  public boolean fits(Capacity wanted) {
    return wanted.cpuUnits <= cpuUnits && wanted.memoryMib <= memoryMib;
  }
}
