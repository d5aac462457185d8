package dev.berth.agent.snapshot;

import dev.berth.agent.linux.TreeRemoval;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Plain folders: for a machine that can keep no bound. A task may fill the disk. */
public final class FolderStorage implements TaskStorage {
  private final Path root;

  /**
   * @param root a folder of this agent alone
   */
  public FolderStorage(Path root) throws IOException {
    this.root = Files.createDirectories(root).toRealPath();
  }

  @Override
  public String kind() {
    return "unbounded";
  }

  @Override
  public void reserve(TaskId task, int sizeGib) throws IOException {
    Files.createDirectories(root.resolve(task.value()));
  }

  @Override
  public Optional<Path> find(TaskId task) {
    return Optional.of(root.resolve(task.value())).filter(Files::isDirectory);
  }

  @Override
  public OptionalLong usedBytes(TaskId task) {
    return OptionalLong.empty(); // It would have to be looked for in every file.
  }

  @Override
  public void remove(TaskId task) throws IOException {
    TreeRemoval.remove(root.resolve(task.value()));
  }

  @Override
  public Set<TaskId> list() throws IOException {
    return tasksIn(root);
  }

  @Override
  public void retire() {}

  /** The tasks after which the entries of a folder are named. */
  static Set<TaskId> tasksIn(Path folder) throws IOException {
    var tasks = new TreeSet<TaskId>();
    try (var entries = Files.list(folder)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(TaskId::isForm)
          .map(TaskId::new)
          .forEach(tasks::add);
    }
    return tasks;
  }
}
