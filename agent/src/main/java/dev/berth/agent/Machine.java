package dev.berth.agent;

import dev.berth.model.host.Capacity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the kernel says of this machine.
 *
 * @param bootId another one after each start of the machine
 * @param architecture ECS's name
 */
public record Machine(String bootId, Capacity capacity, String architecture) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final String MEMORY_LINE = "MemTotal:";
  private static final int CPU_UNITS_PER_PROCESSOR = 1024;

  public static Machine read() throws IOException {
    long cpuUnits = (long) CPU_UNITS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
    return new Machine(
        Files.readString(BOOT_ID).strip(),
        new Capacity(cpuUnits, memoryMib()),
        architecture(System.getProperty("os.arch", "")));
  }

  private static long memoryMib() throws IOException {
    for (var line : Files.readAllLines(MEMORY)) {
      if (line.startsWith(MEMORY_LINE)) {
        var kib = line.substring(MEMORY_LINE.length()).replace("kB", "").strip();
        return Long.parseLong(kib) / 1024;
      }
    }
    throw new IOException(MEMORY + " names no " + MEMORY_LINE);
  }

  private static String architecture(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> "X86_64";
      case "aarch64", "arm64" -> "ARM64";
      default -> throw new IllegalStateException("Fargate knows no architecture " + name);
    };
  }
}
