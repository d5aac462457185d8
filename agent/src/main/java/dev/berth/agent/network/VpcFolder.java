package dev.berth.agent.network;

import dev.berth.link.format.RecordFormat;
import dev.berth.model.network.EniSpec;
import dev.berth.model.network.VpcId;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The files that say which namespace is whose. Together with the kernel they are the only record.
 *
 * <p>A number's file is made before anything that bears the number and removed after everything, so
 * a file tells that its number is in use.
 */
final class VpcFolder {
  /**
   * Which interface a task has.
   *
   * @param slot the number of its namespace
   */
  record Holding(int slot, EniSpec eni) {}

  /** Fits into what a name of an interface has room for. */
  private static final int NUMBER_COUNT = 60_000;

  private final Path interfaces;
  private final Path routers;
  private final Path uplinks;
  private final Path tasks;

  /** Goes round, so that a number rests before it is used again. */
  private final AtomicInteger cursor = new AtomicInteger();

  VpcFolder(Path root) throws IOException {
    interfaces = Files.createDirectories(root.resolve("interfaces"));
    routers = Files.createDirectories(root.resolve("routers"));
    uplinks = Files.createDirectories(root.resolve("uplinks"));
    tasks = Files.createDirectories(root.resolve("holdings"));
  }

  /** Where a slot's namespace is bound. */
  Path interfaceFile(int slot) {
    return interfaces.resolve(Integer.toString(slot));
  }

  /** Where a router's namespace is bound. */
  Path routerFile(VpcId vpc) {
    return routers.resolve(vpc.value());
  }

  /** Takes a number that nothing bears, and its file with it. */
  int reserveInterface() throws IOException {
    return reserve(interfaces, cursor.getAndIncrement());
  }

  /** The number of a VPC's uplink: the one it has, or a free one. */
  int uplink(VpcId vpc) throws IOException {
    for (int number : numbers(uplinks)) {
      if (Files.readString(uplinks.resolve(Integer.toString(number))).equals(vpc.value())) {
        return number;
      }
    }
    int number = reserve(uplinks, 0);
    Files.writeString(uplinks.resolve(Integer.toString(number)), vpc.value());
    return number;
  }

  void releaseUplink(int number) throws IOException {
    Files.deleteIfExists(uplinks.resolve(Integer.toString(number)));
  }

  List<Integer> uplinks() throws IOException {
    return numbers(uplinks);
  }

  void releaseInterface(int slot) throws IOException {
    Files.deleteIfExists(interfaceFile(slot));
  }

  List<Integer> interfaces() throws IOException {
    return numbers(interfaces);
  }

  private static int reserve(Path folder, int from) throws IOException {
    for (int i = 0; i < NUMBER_COUNT; i++) {
      int number = Math.floorMod(from + i, NUMBER_COUNT);
      try {
        Files.createFile(folder.resolve(Integer.toString(number)));
        return number;
      } catch (FileAlreadyExistsException e) {
        // In use: the next one, then.
      }
    }
    throw new IOException("all " + NUMBER_COUNT + " numbers of " + folder + " are in use");
  }

  private static List<Integer> numbers(Path folder) throws IOException {
    var numbers = new ArrayList<Integer>();
    try (var entries = Files.newDirectoryStream(folder, "[0-9]*")) {
      entries.forEach(entry -> numbers.add(Integer.parseInt(entry.getFileName().toString())));
    }
    return numbers;
  }

  void keepPlan(VpcPlan plan) throws IOException {
    write(planFile(plan.id()), RecordFormat.write(plan));
  }

  Optional<VpcPlan> plan(VpcId vpc) throws IOException {
    return read(planFile(vpc)).map(bytes -> RecordFormat.read(bytes, VpcPlan.class));
  }

  void forgetPlan(VpcId vpc) throws IOException {
    Files.deleteIfExists(planFile(vpc));
  }

  /** The VPCs of which there is a namespace, or was to be one. */
  SortedSet<VpcId> routers() throws IOException {
    var found = new TreeSet<VpcId>(Comparator.comparing(VpcId::value));
    try (var entries = Files.newDirectoryStream(routers)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString().replace(".json", "");
        if (VpcId.isForm(name)) {
          found.add(new VpcId(name));
        }
      }
    }
    return found;
  }

  private Path planFile(VpcId vpc) {
    return routers.resolve(vpc.value() + ".json");
  }

  /** From now on the slot is the task's, for this process and every later one. */
  void hold(TaskId task, Holding holding) throws IOException {
    write(holdingFile(task), RecordFormat.write(holding));
  }

  Optional<Holding> holding(TaskId task) throws IOException {
    return read(holdingFile(task)).map(bytes -> RecordFormat.read(bytes, Holding.class));
  }

  void release(TaskId task) throws IOException {
    Files.deleteIfExists(holdingFile(task));
  }

  SortedMap<TaskId, Holding> holdings() throws IOException {
    var found = new TreeMap<TaskId, Holding>();
    try (var entries = Files.newDirectoryStream(tasks)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString().replace(".json", "");
        if (TaskId.isForm(name)) {
          var task = new TaskId(name);
          holding(task).ifPresent(holding -> found.put(task, holding));
        }
      }
    }
    return found;
  }

  /** Those of one VPC. */
  SortedMap<TaskId, Holding> holdings(VpcId vpc) throws IOException {
    var found = holdings();
    found.values().removeIf(holding -> !holding.eni().vpc().equals(vpc));
    return found;
  }

  private Path holdingFile(TaskId task) {
    return tasks.resolve(task.value() + ".json");
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, bytes);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
