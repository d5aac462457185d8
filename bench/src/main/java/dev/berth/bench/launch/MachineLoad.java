package dev.berth.bench.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the whole machine spends, from the kernel's own counters. */
final class MachineLoad {
  private static final int IDLE_FIELD = 4;
  private static final int WAIT_FIELD = 5;
  private static final double MILLIS_PER_TICK = 10;

  private MachineLoad() {}

  /** Processor time of everything since the start of the machine, in milliseconds. */
  static double busyMillis() throws IOException {
    String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
    double ticks = 0;
    for (int field = 1; field < fields.length; field++) {
      if (field != IDLE_FIELD && field != WAIT_FIELD) {
        ticks += Double.parseDouble(fields[field]);
      }
    }
    return ticks * MILLIS_PER_TICK;
  }

  /** Memory that programs could still have. */
  static double availableMib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("/proc/meminfo names no MemAvailable");
  }
}
