package dev.berth.agent.cgroup;

import dev.berth.model.task.TaskSize;
import java.io.IOException;

/** A task's size in the kernel's words. */
final class CgroupLimits {
  /** The kernel's own default. */
  private static final int PERIOD_MICROS = 100_000;

  /** ECS: 1024 units are one processor. */
  private static final int UNITS_PER_CPU = 1024;

  private CgroupLimits() {}

  static long quotaMicros(TaskSize size) {
    return (long) size.cpuUnits() * PERIOD_MICROS / UNITS_PER_CPU;
  }

  static long memoryBytes(TaskSize size) {
    return (long) size.memoryMib() << 20;
  }

  /** Version 2's weight (1 to 10000) for version 1's shares (2 to 262144), as runtimes convert. */
  static long weight(long shares) {
    long bounded = Math.clamp(shares, 2, 262_144);
    return 1 + (bounded - 2) * 9_999 / 262_142;
  }

  static void applyV2(CgroupTree tree, TaskSize size) throws IOException {
    tree.write("cpu.max", quotaMicros(size) + " " + PERIOD_MICROS);
    tree.write("cpu.weight", Long.toString(weight(size.cpuUnits())));
    tree.write("memory.max", Long.toString(memoryBytes(size)));
    if (tree.has("memory.swap.max")) {
      tree.write("memory.swap.max", "0");
    }
    tree.write("pids.max", Integer.toString(HostCgroups.TASK_PROCESS_COUNT_MAX));
  }

  static void applyV1(CgroupTree cpu, CgroupTree memory, CgroupTree pids, TaskSize size)
      throws IOException {
    cpu.write("cpu.cfs_period_us", Integer.toString(PERIOD_MICROS));
    cpu.write("cpu.cfs_quota_us", Long.toString(quotaMicros(size)));
    cpu.write("cpu.shares", Integer.toString(size.cpuUnits()));
    memory.write("memory.limit_in_bytes", Long.toString(memoryBytes(size)));
    if (memory.has("memory.memsw.limit_in_bytes")) {
      memory.write("memory.memsw.limit_in_bytes", Long.toString(memoryBytes(size)));
    }
    pids.write("pids.max", Integer.toString(HostCgroups.TASK_PROCESS_COUNT_MAX));
  }
}
