package dev.berth.agent.journal;

import dev.berth.link.format.RecordFormat;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks on disk.
 *
 * <p>A task whose end is acknowledged moves to the ended ones in one rename. Different tasks may be
 * written at the same time; one task by one thread at a time.
 */
public final class TaskJournal {
  private static final Logger LOG = LoggerFactory.getLogger(TaskJournal.class);

  private final AgentFolder folder;

  public TaskJournal(AgentFolder folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.tasks());
    Files.createDirectories(folder.ended());
  }

  public void save(TaskRecord record) throws IOException {
    WholeFile.write(folder.task(record.id()), RecordFormat.write(record));
  }

  /** The task is over and control knows it. */
  public void end(TaskId task) throws IOException {
    try {
      Files.move(folder.task(task), folder.ended(task), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      if (!Files.exists(folder.ended(task))) {
        throw e;
      }
    }
  }

  public void forget(TaskId task) throws IOException {
    Files.deleteIfExists(folder.task(task));
    Files.deleteIfExists(folder.ended(task));
  }

  /**
   * What an agent finds when it starts.
   *
   * @param unreadable of these tasks nobody knows any more whether they were started
   * @param ended the longest ended first
   */
  public record Found(List<TaskRecord> tasks, Set<TaskId> unreadable, Set<TaskId> ended) {}

  public Found load() throws IOException {
    var tasks = new ArrayList<TaskRecord>();
    var unreadable = new LinkedHashSet<TaskId>();
    for (var file : files(folder.tasks())) {
      var id = AgentFolder.taskOf(file);
      if (id.isEmpty()) {
        Files.deleteIfExists(file); // A killed agent was writing it; the one before it still holds.
        continue;
      }
      try {
        tasks.add(RecordFormat.read(Files.readAllBytes(file), TaskRecord.class));
      } catch (UncheckedIOException e) {
        LOG.atError().addKeyValue("task", id.get()).setCause(e).log("journal is unreadable");
        unreadable.add(id.get());
      }
    }
    return new Found(tasks, unreadable, ended());
  }

  private Set<TaskId> ended() throws IOException {
    record Ended(TaskId task, long millis) {}
    var found = new ArrayList<Ended>();
    for (var file : files(folder.ended())) {
      var id = AgentFolder.taskOf(file);
      if (id.isPresent()) {
        found.add(new Ended(id.get(), Files.getLastModifiedTime(file).toMillis()));
      }
    }
    found.sort(Comparator.comparingLong(Ended::millis).thenComparing(Ended::task));
    var ended = new LinkedHashSet<TaskId>();
    found.forEach(each -> ended.add(each.task()));
    return ended;
  }

  /** A task that has ended, if it is still kept. */
  public Optional<TaskRecord> readEnded(TaskId task) throws IOException {
    try {
      return Optional.of(
          RecordFormat.read(Files.readAllBytes(folder.ended(task)), TaskRecord.class));
    } catch (NoSuchFileException forgotten) {
      return Optional.empty();
    } catch (UncheckedIOException e) {
      throw new IOException("the journal of the ended task " + task + " is unreadable", e);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var listed = Files.list(directory)) {
      return listed.sorted().toList();
    }
  }
}
