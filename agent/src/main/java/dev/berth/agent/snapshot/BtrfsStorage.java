package dev.berth.agent.snapshot;

import dev.berth.agent.linux.Btrfs;
import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.LinuxException;
import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A subvolume of the host's own btrfs for each task, with a limit by its quota group: no file
 * system is made, and a task's end is one call, whatever it wrote.
 *
 * <p>Quotas cost a btrfs with many snapshots much, so the operator switches them on, not Berth.
 * What a container sees as the disk's size is the whole disk's. A task that fills its storage hears
 * EDQUOT, not ENOSPC.
 */
public final class BtrfsStorage implements TaskStorage {
  /** For the records of files, which are counted too; as much as ext4 holds back. */
  private static final long RECORD_BYTES = 16L << 20;

  private static final String TRIAL = "trial";

  private final Path root;
  private final Map<TaskId, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Set<TaskId> limited = ConcurrentHashMap.newKeySet();

  private BtrfsStorage(Path root) {
    this.root = root;
  }

  /**
   * Tries whether it can be used here.
   *
   * @param root a folder of this agent alone
   * @throws IOException where it cannot: the message says why
   */
  public static BtrfsStorage open(Path root) throws IOException {
    var storage = new BtrfsStorage(Files.createDirectories(root).toRealPath());
    if (!Btrfs.has(storage.root)) {
      throw new IOException(root + " is on no btrfs");
    }
    if (!Btrfs.hasQuota(storage.root)) {
      throw new IOException(
          "the btrfs of " + root + " has no quotas: btrfs quota enable switches them on");
    }
    for (var task : storage.list()) {
      if (Files.isSymbolicLink(storage.folder(task))) {
        throw new IOException("task " + task + " has a file system of its own until its end");
      }
    }
    storage.tryOut();
    return storage;
  }

  private void tryOut() throws IOException {
    var trial = root.resolve(TRIAL);
    if (Files.exists(trial)) {
      destroy(trial); // Of a life that was killed here.
    }
    make(trial, 1);
    destroy(trial);
  }

  @Override
  public String kind() {
    return "btrfs-qgroup";
  }

  @Override
  public void reserve(TaskId task, int sizeGib) throws IOException, InterruptedException {
    var lock = locks.computeIfAbsent(task, _ -> new ReentrantLock());
    lock.lockInterruptibly(); // Two containers of a task are made at the same time.
    try {
      var folder = folder(task);
      boolean plain = Files.isDirectory(folder) && !Btrfs.isSubvolume(folder);
      // A folder from before this machine could keep a bound lasts as long as its task.
      if (!plain && !limited.contains(task)) {
        make(folder, sizeGib);
        limited.add(task);
      }
    } finally {
      lock.unlock();
    }
  }

  /** May find a half of it: a life that was killed between the two. */
  private static void make(Path folder, int sizeGib) throws IOException {
    if (!Files.isDirectory(folder)) {
      Btrfs.create(folder);
    }
    Btrfs.limit(folder, Btrfs.subvolumeId(folder), ((long) sizeGib << 30) + RECORD_BYTES);
  }

  @Override
  public Optional<Path> find(TaskId task) {
    return Optional.of(folder(task))
        .filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public OptionalLong usedBytes(TaskId task) throws IOException {
    var folder = find(task);
    return folder.isPresent() && Btrfs.isSubvolume(folder.get())
        ? Btrfs.usedBytes(folder.get(), Btrfs.subvolumeId(folder.get()))
        : OptionalLong.empty();
  }

  @Override
  public void remove(TaskId task) throws IOException {
    var folder = find(task);
    if (folder.isPresent()) {
      destroy(folder.get());
    }
    limited.remove(task);
    locks.remove(task);
  }

  private void destroy(Path folder) throws IOException {
    if (!Btrfs.isSubvolume(folder)) {
      TreeRemoval.remove(folder);
      return;
    }
    long id = Btrfs.subvolumeId(folder);
    try {
      Btrfs.destroy(folder);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOTEMPTY) {
        throw e;
      }
      TreeRemoval.remove(folder); // There is another in it, which goes like a folder.
    }
    Btrfs.removeQuotaGroup(root, id);
  }

  @Override
  public Set<TaskId> list() throws IOException {
    return FolderStorage.tasksIn(root);
  }

  /** Nothing is kept ready: making one is a matter of a millisecond. */
  @Override
  public void retire() {}

  private Path folder(TaskId task) {
    return root.resolve(task.value());
  }
}
