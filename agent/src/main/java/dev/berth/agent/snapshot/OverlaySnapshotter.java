package dev.berth.agent.snapshot;

import dev.berth.agent.linux.Descriptor;
import dev.berth.agent.linux.Mounts;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Root file systems by overlayfs, below {@code <container>/} of the task's storage: {@code upper}
 * has what the container wrote, {@code work} is the kernel's, and {@code merged} is where it is
 * mounted. The task's volumes are beside its containers, see {@link TaskVolumes}.
 */
public final class OverlaySnapshotter implements Snapshotter {
  /** Docker's own limit; the kernel's is 500. */
  public static final int LAYER_COUNT_MAX = 128;

  private static final Pattern NAME_FORM = Pattern.compile("[a-zA-Z0-9_-]{1,255}");

  /**
   * Nothing of a task outlives its host's power, so no write of it need reach the disk before the
   * task goes on: {@code volatile}. The kernel refuses to mount such a layer a second time, and
   * this class never does. The other two keep the layer in a form that needs no trust in its
   * attributes.
   */
  private static final String OPTIONS = "volatile,redirect_dir=off,metacopy=off,index=off";

  private final TaskStorage storage;

  /**
   * @param storage on a file system that can carry an upper layer
   */
  public OverlaySnapshotter(TaskStorage storage) {
    this.storage = storage;
  }

  @Override
  public void reserve(TaskId task, int sizeGib) throws IOException, InterruptedException {
    storage.reserve(task, sizeGib);
  }

  @Override
  public Path mount(TaskId task, String containerName, List<Path> layers) throws IOException {
    if (layers.isEmpty() || layers.size() > LAYER_COUNT_MAX) {
      throw new IOException(
          "the root file system of %s has %d layers, not 1 to %d"
              .formatted(containerName, layers.size(), LAYER_COUNT_MAX));
    }
    var folder = folder(reserved(task), containerName);
    var merged = folder.resolve("merged");
    if (Mounts.isMounted(merged)) {
      return merged;
    }
    TreeRemoval.remove(folder); // Half of an earlier attempt, or another boot's.
    for (var name : List.of("upper", "work", "merged")) {
      Files.createDirectories(folder.resolve(name));
    }
    mountOverlay(folder, merged, layers);
    return merged;
  }

  /**
   * The layers are named by descriptors, not by paths: many long paths would not fit into the one
   * page that the kernel reads, and a colon in one would end it.
   */
  private static void mountOverlay(Path folder, Path merged, List<Path> layers) throws IOException {
    var opened = new ArrayList<Descriptor>();
    try {
      for (var layer : layers.reversed()) { // The kernel wants the uppermost first.
        opened.add(Descriptor.open(layer, Descriptor.O_PATH));
      }
      var upper = Descriptor.open(folder.resolve("upper"), Descriptor.O_PATH);
      opened.add(upper);
      var work = Descriptor.open(folder.resolve("work"), Descriptor.O_PATH);
      opened.add(work);
      var lower = opened.stream().limit(layers.size()).map(one -> one.asPath().toString()).toList();
      Mounts.mount(
          "overlay",
          "overlay",
          merged,
          0,
          "lowerdir=%s,upperdir=%s,workdir=%s,%s"
              .formatted(String.join(":", lower), upper.asPath(), work.asPath(), OPTIONS));
    } finally {
      opened.forEach(Descriptor::close);
    }
  }

  @Override
  public void makeVolumes(TaskId task, List<VolumeSeed> seeds)
      throws IOException, InterruptedException {
    var folder = reserved(task);
    new TaskVolumes(folder).make(seeds, container -> folder(folder, container).resolve("merged"));
  }

  @Override
  public Path volume(TaskId task, String name) throws IOException {
    return new TaskVolumes(reserved(task)).folder(name);
  }

  @Override
  public OptionalLong usedBytes(TaskId task) throws IOException {
    return storage.usedBytes(task);
  }

  @Override
  public void remove(TaskId task) throws IOException {
    var folder = storage.find(task);
    if (folder.isPresent()) {
      for (var container : children(folder.get())) {
        Mounts.unmount(container.resolve("merged"));
      }
    }
    storage.remove(task);
  }

  @Override
  public Set<TaskId> list() throws IOException {
    return storage.list();
  }

  private Path reserved(TaskId task) throws IOException {
    return storage
        .find(task)
        .orElseThrow(() -> new IOException("task " + task + " has no storage yet"));
  }

  private static Path folder(Path task, String containerName) {
    if (!NAME_FORM.matcher(containerName).matches()) {
      throw new IllegalArgumentException("'" + containerName + "' cannot be a container's name");
    }
    return task.resolve(containerName);
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
