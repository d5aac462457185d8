package dev.berth.app;

import dev.berth.agent.AgentSettings;
import dev.berth.model.host.Capacity;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an operator may say of one host. */
final class HostOptions {
  @Option(
      names = "--host-cpu",
      paramLabel = "UNITS",
      defaultValue = "${env:BERTH_HOST_CPU_UNITS}",
      description = "CPU units that tasks may take in all; default: 1024 for each processor")
  @Nullable Long cpuUnits;

  @Option(
      names = "--host-memory",
      paramLabel = "MIB",
      defaultValue = "${env:BERTH_HOST_MEMORY_MIB}",
      description = "memory that tasks may take in all; default: the machine's less a reserve")
  @Nullable Long memoryMib;

  @Option(
      names = "--zone",
      paramLabel = "LETTER",
      defaultValue = "${env:BERTH_ZONE:-a}",
      description = "availability zone of this host; default: ${DEFAULT-VALUE}")
  String zone = "";

  @Option(
      names = "--host-access",
      paramLabel = "on|off",
      defaultValue = "${env:BERTH_HOST_ACCESS:-on}",
      description =
          "whether this machine itself reaches tasks by their private addresses, whatever their"
              + " security groups say; default: ${DEFAULT-VALUE}")
  Access hostAccess = Access.on;

  /** As it is written on the command line. */
  enum Access {
    on,
    off
  }

  boolean hasHostAccess() {
    return hostAccess == Access.on;
  }

  /** The agent's settings, with what was left out taken from the machine. */
  AgentSettings settings(Path data, Capacity machine) {
    var standard = AgentSettings.standard(data);
    long cpu = OptionalLong.of(cpuUnits == null ? machine.cpuUnits() : cpuUnits).getAsLong();
    long memory = memoryMib == null ? machine.memoryMib() - standard.memoryReserveMib() : memoryMib;
    return new AgentSettings(
        data,
        zone,
        Optional.of(new Capacity(cpu, memory)),
        standard.memoryReserveMib(),
        standard.attributes(),
        standard.launchCountMax());
  }
}
