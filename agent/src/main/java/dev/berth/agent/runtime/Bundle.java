package dev.berth.agent.runtime;

import dev.berth.agent.linux.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One container's folder: what the runtime and the monitor are told, and what they tell. */
record Bundle(ContainerKey key, Path folder) {
  /**
   * The processes of a container that was created completely.
   *
   * @param bootId the kernel's own id of the boot, after which no process is the same
   */
  record Processes(String bootId, ProcessIdentity monitor, ProcessIdentity init) {}

  Path file(String name) {
    return folder.resolve(name);
  }

  Path config() {
    return file("config.json");
  }

  Path exits() {
    return file("exits");
  }

  Path monitorPid() {
    return file("monitor.pid");
  }

  Path initPid() {
    return file("init.pid");
  }

  /** What the monitor said before it went into the background. */
  Path complaints() {
    return file("complaints");
  }

  void make() throws IOException {
    Files.createDirectories(exits());
    // A container's name may be cut in the folder's name, so it is written whole.
    Files.writeString(file("name"), key.name());
  }

  boolean exists() {
    return Files.isDirectory(folder);
  }

  /** From now on the container counts as created, for this process and every later one. */
  void record(Processes processes) throws IOException {
    var temporary = file("processes.new");
    Files.writeString(
        temporary,
        "%s\n%d %d\n%d %d\n"
            .formatted(
                processes.bootId(),
                processes.monitor().pid(),
                processes.monitor().startTicks(),
                processes.init().pid(),
                processes.init().startTicks()));
    Files.move(temporary, file("processes"), StandardCopyOption.ATOMIC_MOVE);
  }

  Optional<Processes> processes() throws IOException {
    return read(file("processes"))
        .map(
            text -> {
              var lines = text.lines().toList();
              return new Processes(lines.get(0), identity(lines.get(1)), identity(lines.get(2)));
            });
  }

  private static ProcessIdentity identity(String line) {
    var numbers = line.split(" ", 2);
    return new ProcessIdentity(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
  }

  /** What the monitor wrote when the container's process ended, if it has. */
  Optional<ContainerRuntime.Status.Exited> exit() throws IOException {
    var file = exits().resolve(key.runtimeId());
    var text = read(file);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var code = text.get().strip();
    return Optional.of(
        new ContainerRuntime.Status.Exited(
            code.matches("[0-9]{1,3}")
                ? OptionalInt.of(Integer.parseInt(code))
                : OptionalInt.empty(),
            Files.getLastModifiedTime(file).toInstant()));
  }

  /** Writes down an end that no monitor did, so that it stays the same from now on. */
  void recordLostExit(Instant at) throws IOException {
    var file = exits().resolve(key.runtimeId());
    var temporary = exits().resolve("lost.new");
    Files.write(temporary, List.of("lost"));
    Files.setLastModifiedTime(temporary, FileTime.from(at));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  Optional<Long> pid(Path file) throws IOException {
    return read(file).map(String::strip).filter(text -> !text.isEmpty()).map(Long::parseLong);
  }

  static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
