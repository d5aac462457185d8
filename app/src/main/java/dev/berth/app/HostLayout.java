package dev.berth.app;

import dev.berth.agent.linux.Belongings;
import dev.berth.agent.network.HostNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Where one agent keeps what it has, and the names by which the kernel knows it.
 *
 * @param data the agent's own folder, kept over restarts of the machine
 */
public record HostLayout(Path data) {
  private static final int MARK_LENGTH_MAX = 7;
  private static final Path MEMORY = memoryOfThisMachine();

  public HostLayout {
    data = data.toAbsolutePath().normalize();
  }

  /** The layout of a server's own agent. */
  public static HostLayout ofServer(Path serverData) {
    return new HostLayout(serverData.resolve("agent"));
  }

  /** A short name, from the data folder, for everything that the kernel keeps for this agent. */
  public String mark() {
    var sum = new CRC32();
    sum.update(data.toString().getBytes(StandardCharsets.UTF_8));
    String digits = Long.toString(sum.getValue(), Character.MAX_RADIX);
    return digits.length() <= MARK_LENGTH_MAX ? digits : digits.substring(0, MARK_LENGTH_MAX);
  }

  /**
   * What is worthless after the machine's next start. Some of it must be on no disk, since it holds
   * secrets: below /run where that is memory, as on most machines; else beside what programs share.
   */
  public Path memory() {
    return MEMORY.resolve(cgroupParent());
  }

  public Path runtime() {
    return memory().resolve("runtime");
  }

  private static Path memoryOfThisMachine() {
    return Stream.of(Path.of("/run"), Path.of("/dev/shm"))
        .filter(HostLayout::isMemory)
        .findFirst()
        .orElse(Path.of("/run"));
  }

  static boolean isMemory(Path folder) {
    try {
      return Files.getFileStore(folder).type().equals("tmpfs");
    } catch (IOException absent) {
      return false;
    }
  }

  public Path vpcs() {
    return memory().resolve("vpcs");
  }

  public Path snapshots() {
    return data.resolve("snapshots");
  }

  /** The file systems that bound what tasks write. */
  public Path storage() {
    return data.resolve("storage");
  }

  public Path output() {
    return data.resolve("output");
  }

  public Path images() {
    return data.resolve("images");
  }

  public String cgroupParent() {
    return "berth-" + mark();
  }

  public HostNames hostNames() {
    return new HostNames(mark());
  }

  /** By what all that the agent makes for the length of a task is found, without its help. */
  public Belongings.Marks marks() {
    return new Belongings.Marks(
        cgroupParent(),
        hostNames().uplinkPrefix(),
        hostNames().table(),
        List.of(memory(), snapshots(), storage()));
  }
}
