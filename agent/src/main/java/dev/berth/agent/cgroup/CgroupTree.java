package dev.berth.agent.cgroup;

import dev.berth.agent.linux.ProcessIdentity;
import dev.berth.agent.linux.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One folder of a cgroup hierarchy and those below it, as files. */
record CgroupTree(Path folder) {
  /** A killed process leaves its cgroup some time after the signal. */
  private static final int REMOVE_ROUND_COUNT_MAX = 400;

  private static final long REMOVE_PAUSE_MILLIS = 5;

  CgroupTree child(String name) {
    return new CgroupTree(folder.resolve(name));
  }

  boolean exists() {
    return Files.isDirectory(folder);
  }

  void make() throws IOException {
    Files.createDirectories(folder);
  }

  boolean has(String file) {
    return Files.exists(folder.resolve(file));
  }

  void write(String file, String value) throws IOException {
    try {
      // Never creates: a missing file is a missing controller, and must be heard of.
      Files.write(
          folder.resolve(file),
          value.getBytes(StandardCharsets.US_ASCII),
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("cannot write " + value + " to " + folder.resolve(file), e);
    }
  }

  /** The file's text without its last newline, or empty when it is not there. */
  Optional<String> read(String file) throws IOException {
    try {
      return Optional.of(Files.readString(folder.resolve(file)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No such device")) {
        return Optional.empty(); // Removed between the opening and the reading.
      }
      throw e;
    }
  }

  /** The number beside a key in a file of lines {@code key number}; 0 when either is missing. */
  long count(String file, String key) throws IOException {
    return read(file).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(key + " "))
        .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip()))
        .findFirst()
        .orElse(0);
  }

  List<String> childNames() throws IOException {
    var names = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return names;
  }

  /** Sends SIGKILL to each process here and below. */
  void killAll() throws IOException {
    if (has("cgroup.kill")) {
      write("cgroup.kill", "1");
      return;
    }
    for (var name : childNames()) {
      child(name).killAll();
    }
    for (var line : read("cgroup.procs").stream().flatMap(String::lines).toList()) {
      var process = ProcessIdentity.of(Long.parseLong(line));
      if (process.isPresent()) {
        process.get().signal(Signals.SIGKILL);
      }
    }
  }

  /** Removes this folder and all below it; the processes in it are ending. */
  void remove() throws IOException {
    for (int round = 1; exists(); round++) {
      try {
        removeOnce();
      } catch (IOException e) {
        if (round == REMOVE_ROUND_COUNT_MAX) {
          throw new IOException("cgroup " + folder + " cannot be removed", e);
        }
        killAll(); // One may have been forked between the listing and the signal.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REMOVE_PAUSE_MILLIS));
      }
    }
  }

  private void removeOnce() throws IOException {
    for (var name : childNames()) {
      child(name).removeOnce();
    }
    Files.deleteIfExists(folder);
  }
}
