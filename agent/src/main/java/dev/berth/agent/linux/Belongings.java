package dev.berth.agent.linux;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All that an agent has on its host, found without its help: what is listed after its last task
 * ended is a leak.
 *
 * @param processes number and command line
 * @param mounts file systems and bound namespaces
 * @param interfaces of the host's network namespace
 * @param cgroups folders, in every hierarchy
 * @param tables of nftables
 * @param files below the agent's folders
 */
public record Belongings(
    List<String> processes,
    List<String> mounts,
    List<String> interfaces,
    List<String> cgroups,
    List<String> tables,
    List<String> files) {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Pattern RUNTIMES = Pattern.compile("^\\S*(conmon|crun|runc)\\b");
  private static final int CGROUP_DEPTH_MAX = 8;
  private static final long NFT_SECONDS_MAX = 10;

  /** More are a leak just the same. */
  private static final int FILE_COUNT_MAX = 1_000;

  /**
   * The names by which an agent marks what it makes.
   *
   * @param cgroupParent a cgroup's name below the root
   * @param interfacePrefix of the host's side of each task's network
   * @param table its nftables table
   * @param folders where it mounts, binds and writes for the length of a task
   */
  public record Marks(
      String cgroupParent, String interfacePrefix, String table, List<Path> folders) {
    public Marks {
      folders = List.copyOf(folders);
    }
  }

  /** What is there now. */
  public static Belongings find(Marks marks) throws IOException {
    return new Belongings(
        processes(marks),
        Mounts.list().stream()
            .map(Mounts.Mount::target)
            .filter(target -> marks.folders().stream().anyMatch(target::startsWith))
            .map(Path::toString)
            .toList(),
        NetworkInterface.networkInterfaces()
            .map(NetworkInterface::getName)
            .filter(name -> name.startsWith(marks.interfacePrefix()))
            .sorted()
            .toList(),
        cgroups(marks),
        tables(marks),
        files(marks));
  }

  /** Whether there is nothing at all. */
  public boolean isEmpty() {
    return Stream.of(processes, mounts, interfaces, cgroups, tables, files).allMatch(List::isEmpty);
  }

  private static List<String> processes(Marks marks) throws IOException {
    var found = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var entry : entries) {
        var command = text(entry.resolve("cmdline")).replace('\0', ' ').strip();
        boolean inCgroup =
            text(entry.resolve("cgroup")).contains(":/" + marks.cgroupParent() + "/");
        boolean aboutFolder =
            RUNTIMES.matcher(command).find()
                && marks.folders().stream().anyMatch(folder -> command.contains(folder + "/"));
        if (inCgroup || aboutFolder) {
          found.add(entry.getFileName() + " " + command);
        }
      }
    }
    return found;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // The process has ended.
    }
  }

  private static List<String> cgroups(Marks marks) throws IOException {
    var found = new TreeSet<String>();
    var roots = new ArrayList<>(List.of(CGROUPS));
    try (var children = Files.list(CGROUPS)) {
      children.filter(Files::isDirectory).forEach(roots::add);
    }
    for (var root : roots) {
      var parent = root.resolve(marks.cgroupParent());
      if (Files.isDirectory(parent)) {
        try (var tree = Files.walk(parent, CGROUP_DEPTH_MAX)) {
          tree.filter(Files::isDirectory).map(Path::toString).forEach(found::add);
        }
      }
    }
    return List.copyOf(found);
  }

  private static List<String> tables(Marks marks) throws IOException {
    var process = new ProcessBuilder("nft", "list", "tables").redirectErrorStream(true).start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(NFT_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("nft does not list its tables: " + text.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while nft ran", e);
    }
    return text.lines().filter(line -> line.endsWith(" " + marks.table())).toList();
  }

  private static List<String> files(Marks marks) throws IOException {
    var found = new ArrayList<String>();
    for (var folder : marks.folders()) {
      if (Files.isDirectory(folder)) {
        try (var tree = Files.walk(folder)) {
          tree.filter(path -> !Files.isDirectory(path))
              .limit(FILE_COUNT_MAX)
              .map(Path::toString)
              .forEach(found::add);
        }
      }
    }
    return found;
  }
}
