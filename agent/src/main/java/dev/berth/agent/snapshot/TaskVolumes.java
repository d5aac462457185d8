package dev.berth.agent.snapshot;

import dev.berth.agent.linux.RootedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The volumes of one task, each a folder below {@code <task>/.volumes}. That one is named so only
 * once every volume is filled: what a killed agent left half done has another name.
 */
final class TaskVolumes {
  private static final String FOLDER = ".volumes";
  private static final Pattern NAME_FORM = Pattern.compile("[a-zA-Z0-9_-]{1,255}");

  /** Docker's and Fargate's for a volume that no image has anything for. */
  private static final int MODE_USUAL = 0755;

  /** Everything but the file kind. */
  private static final int MODE_BITS = 07777;

  private final Path task;

  /**
   * @param task the task's own folder
   */
  TaskVolumes(Path task) {
    this.task = task;
  }

  Path folder(String volume) {
    if (!NAME_FORM.matcher(volume).matches()) {
      throw new IllegalArgumentException("'" + volume + "' cannot be a volume's name");
    }
    return task.resolve(FOLDER).resolve(volume);
  }

  /** Makes all volumes at once, in that order, unless they are there already. */
  void make(List<VolumeSeed> seeds, Function<String, Path> rootOfContainer)
      throws IOException, InterruptedException {
    if (Files.isDirectory(task.resolve(FOLDER))) {
      return;
    }
    Files.createDirectories(task);
    var draft = Files.createTempDirectory(task, FOLDER + ".");
    for (var seed : seeds) {
      var volume = draft.resolve(task.resolve(FOLDER).relativize(folder(seed.volume())));
      if (!Files.exists(volume)) {
        Files.createDirectory(volume);
        Files.setAttribute(volume, "unix:mode", MODE_USUAL);
      }
      if (isEmpty(volume)) {
        fill(volume, new RootedFiles(rootOfContainer.apply(seed.containerName())), seed);
      }
    }
    Files.move(draft, task.resolve(FOLDER), StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }

  /** As Docker does: the content with owners and modes, and those of the folder itself. */
  private static void fill(Path volume, RootedFiles root, VolumeSeed seed)
      throws IOException, InterruptedException {
    var found = root.folder(seed.containerPath());
    if (found.isEmpty()) {
      return;
    }
    try (var source = found.get()) {
      var from =
          Path.of("/proc", Long.toString(ProcessHandle.current().pid()))
              .resolve("fd/" + source.number());
      if (!isEmpty(from.resolve("."))) {
        copy(from, volume, seed);
      }
      for (var attribute : List.of("unix:uid", "unix:gid")) {
        Files.setAttribute(volume, attribute, Files.getAttribute(from, attribute));
      }
      int mode = (int) Files.getAttribute(from, "unix:mode");
      Files.setAttribute(volume, "unix:mode", mode & MODE_BITS, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** cp knows links, holes, devices, extended attributes and their order. */
  private static void copy(Path from, Path volume, VolumeSeed seed)
      throws IOException, InterruptedException {
    HostCommand.run(
        "volume %s was not filled from %s of container %s"
            .formatted(seed.volume(), seed.containerPath(), seed.containerName()),
        List.of("/bin/cp", "-a", "--reflink=auto", "--", from + "/.", volume.toString()));
  }
}
