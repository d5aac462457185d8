package dev.berth.agent.snapshot;

import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file system of its own for each task, in a file on the host's disk. Works on every disk that
 * holds sparse files; a full one still stops all tasks, as their sizes are not reserved.
 *
 * <p>Slots of the usual size are kept ready, so that a launch only names one: {@code
 * <links>/<task>} is a link to its slot's folder, and that link is the only record of who has
 * which. A slot that a task leaves nearly empty is emptied and kept, any other is deleted.
 */
public final class LoopStorage implements TaskStorage, AutoCloseable {
  /** Kept ready: as many as are launched at once before the first ones come back. */
  static final int READY_COUNT = 8;

  /** Of those that tasks left, so that a busy host makes none anew. */
  private static final int KEPT_COUNT_MAX = 32;

  /** Deleting a file system is quicker than deleting much in it. */
  private static final long KEPT_BYTES_MAX = 64L << 20;

  private static final int USUAL_GIB = TaskSpec.EPHEMERAL_STORAGE_GIB_DEFAULT;
  private static final Logger LOG = LoggerFactory.getLogger(LoopStorage.class);

  private final Path links;
  private final Path slots;
  private final AtomicLong nextNumber = new AtomicLong();
  private final ConcurrentLinkedDeque<LoopSlot> ready = new ConcurrentLinkedDeque<>();
  private final Map<TaskId, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final ReentrantLock filling = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  private LoopStorage(Path links, Path slots) {
    this.links = links;
    this.slots = slots;
  }

  /**
   * Takes up the slots of an earlier life of the agent, and deletes those of another boot.
   *
   * @param links one link a task
   * @param slots the file systems, on the disk that tasks may fill
   * @throws IOException when this machine makes or mounts none; the message says why
   */
  public static LoopStorage open(Path links, Path slots) throws IOException, InterruptedException {
    var storage =
        new LoopStorage(
            Files.createDirectories(links).toRealPath(),
            Files.createDirectories(slots).toRealPath());
    storage.takeUp();
    if (storage.ready.isEmpty()) {
      storage.ready.add(storage.make(USUAL_GIB)); // The trial.
    }
    storage.fillLater();
    return storage;
  }

  private void takeUp() throws IOException {
    var inUse = new HashSet<Path>();
    for (var task : list()) {
      var slot = slotOf(task);
      if (slot.isPresent() && slot.get().isWhole()) {
        inUse.add(slot.get().folder());
      } else if (!isPlain(task)) {
        Files.deleteIfExists(link(task));
      }
    }
    for (var folder : children(slots)) {
      var slot = new LoopSlot(folder);
      nextNumber.accumulateAndGet(numberOf(folder) + 1, Math::max);
      if (!inUse.contains(folder)) {
        keepOrDestroy(slot);
      }
    }
  }

  @Override
  public String kind() {
    return "ext4-loop";
  }

  @Override
  public void reserve(TaskId task, int sizeGib) throws IOException, InterruptedException {
    var lock = locks.computeIfAbsent(task, _ -> new ReentrantLock());
    lock.lockInterruptibly(); // Two containers of a task are made at the same time.
    try {
      if (Files.isSymbolicLink(link(task)) || isPlain(task)) {
        return;
      }
      var slot = sizeGib == USUAL_GIB ? ready.pollFirst() : null;
      if (slot == null) {
        slot = make(sizeGib);
      }
      Files.createSymbolicLink(link(task), slot.task());
    } finally {
      lock.unlock();
    }
    fillLater();
  }

  private LoopSlot make(int sizeGib) throws IOException, InterruptedException {
    var slot = new LoopSlot(slots.resolve(Long.toString(nextNumber.getAndIncrement())));
    try {
      slot.make(sizeGib);
      return slot;
    } catch (IOException failure) {
      slot.destroy();
      throw failure;
    }
  }

  private void fillLater() {
    if (ready.size() < READY_COUNT / 2 && !closed.get()) {
      Thread.ofVirtual().name("storage-slots").start(this::fill);
    }
  }

  private void fill() {
    if (!filling.tryLock()) {
      return;
    }
    try {
      while (ready.size() < READY_COUNT && !closed.get()) {
        ready.addLast(make(USUAL_GIB));
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("no storage made ahead; a launch makes its own");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      filling.unlock();
    }
  }

  @Override
  public Optional<Path> find(TaskId task) throws IOException {
    return isPlain(task) ? Optional.of(link(task)) : slotOf(task).map(LoopSlot::task);
  }

  /** A folder from before this machine could keep a bound; it lasts as long as its task. */
  private boolean isPlain(TaskId task) {
    return Files.isDirectory(link(task), LinkOption.NOFOLLOW_LINKS);
  }

  /** By the link, whatever it leads to. */
  private Optional<LoopSlot> slotOf(TaskId task) throws IOException {
    try {
      var target = Files.readSymbolicLink(link(task));
      return Optional.of(new LoopSlot(slots.resolve(slots.relativize(target).getName(0))));
    } catch (NoSuchFileException | NotLinkException none) {
      return Optional.empty();
    }
  }

  @Override
  public OptionalLong usedBytes(TaskId task) throws IOException {
    var slot = slotOf(task);
    return slot.isPresent() && slot.get().isWhole()
        ? OptionalLong.of(slot.get().usedBytes())
        : OptionalLong.empty();
  }

  @Override
  public void remove(TaskId task) throws IOException {
    var slot = slotOf(task);
    if (slot.isEmpty()) {
      TreeRemoval.remove(link(task));
      return;
    }
    if (!slot.get().isWhole() || slot.get().usedBytes() > KEPT_BYTES_MAX) {
      slot.get().destroy();
      Files.deleteIfExists(link(task));
    } else {
      slot.get().empty();
      Files.deleteIfExists(link(task));
      keepOrDestroy(slot.get());
    }
    locks.remove(task);
  }

  private void keepOrDestroy(LoopSlot slot) throws IOException {
    boolean fits = ready.size() < KEPT_COUNT_MAX && !closed.get() && slot.sizeGib() == USUAL_GIB;
    if (fits && slot.isWhole() && isEmpty(slot.task())) {
      ready.addLast(slot);
    } else {
      slot.destroy();
    }
  }

  @Override
  public Set<TaskId> list() throws IOException {
    return FolderStorage.tasksIn(links);
  }

  /** No task may be left. */
  @Override
  public void retire() throws IOException {
    close();
    for (var folder : children(slots)) {
      new LoopSlot(folder).destroy();
    }
  }

  /** Makes no more; what is there waits for the next life. */
  @Override
  public void close() {
    closed.set(true);
    filling.lock(); // One that is being made is finished first.
    try {
      ready.clear();
    } finally {
      filling.unlock();
    }
  }

  private Path link(TaskId task) {
    return links.resolve(task.value());
  }

  private static long numberOf(Path folder) {
    var name = folder.getFileName().toString();
    return name.matches("[0-9]{1,18}") ? Long.parseLong(name) : 0;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    return children(folder).isEmpty();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
