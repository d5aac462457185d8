package dev.berth.agent.metadata;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.network.LinkLocalService.Caller;
import dev.berth.agent.runtime.ContainerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The kernel's counters of a container, in the form that Docker gave to them. */
final class ContainerStatistics {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Path PROCESSORS = Path.of("/proc/stat");

  /** The kernel counts in hundredths of a second. */
  private static final long NANOS_PER_TICK = 10_000_000;

  /** user, nice, system, idle, iowait, irq, softirq, steal. */
  private static final int TICK_COLUMN_COUNT = 8;

  /** Of containers that were asked for before; more than a host has. */
  private static final int KNOWN_COUNT_MAX = 20_000;

  private final Cgroups cgroups;
  private final InstantSource clock;

  /** The answer before, so that the asker can tell a rate. */
  private final Map<ContainerKey, ObjectNode> before = new ConcurrentHashMap<>();

  ContainerStatistics(Cgroups cgroups, InstantSource clock) {
    this.cgroups = cgroups;
    this.clock = clock;
  }

  ObjectNode of(ContainerKey key, Caller caller) throws IOException {
    var usage = cgroups.usage(key.task(), key.name());
    var all = JSON.objectNode();
    all.put("read", clock.instant().toString());
    all.put("name", key.name());
    all.put("id", key.metadataId());
    all.put("num_procs", usage.processCount());
    all.putObject("pids_stats").put("current", usage.processCount());
    var processors = JSON.objectNode();
    processors.putObject("cpu_usage").put("total_usage", usage.cpuNanos());
    processors.put("system_cpu_usage", systemNanos());
    processors.put("online_cpus", Runtime.getRuntime().availableProcessors());
    if (before.size() >= KNOWN_COUNT_MAX) {
      before.clear();
    }
    var earlier = before.put(key, processors);
    all.set("cpu_stats", processors);
    all.set("precpu_stats", earlier == null ? JSON.objectNode() : earlier);
    all.putObject("memory_stats")
        .put("usage", usage.memoryBytes())
        .put("limit", usage.memoryLimitBytes());
    var networks = all.putObject("networks");
    caller
        .counters()
        .ifPresent(
            counters ->
                networks
                    .putObject("eth0")
                    .put("rx_bytes", counters.receivedBytes())
                    .put("rx_packets", counters.receivedPackets())
                    .put("tx_bytes", counters.sentBytes())
                    .put("tx_packets", counters.sentPackets()));
    return all;
  }

  private static long systemNanos() throws IOException {
    var line = Files.readAllLines(PROCESSORS).getFirst().split("\\s+", -1);
    long ticks = 0;
    for (int i = 1; i <= TICK_COLUMN_COUNT; i++) {
      ticks += Long.parseLong(line[i]);
    }
    return ticks * NANOS_PER_TICK;
  }
}
