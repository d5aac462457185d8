package dev.berth.agent.task;

import dev.berth.agent.journal.TaskJournal;
import dev.berth.agent.journal.TaskRecord;
import dev.berth.link.message.TaskAssignment;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tasks of this host: those that live, and those that are over and kept for their output.
 *
 * <p>Methods may be called by any thread; control's messages come one at a time.
 */
public final class HostTasks implements AutoCloseable {
  /** Far more than a host has room for: the bound of everything here that grows with tasks. */
  public static final int TASK_COUNT_MAX = 10_000;

  /** Of tasks that are over. Control says when one is forgotten; this bounds what it never says. */
  public static final int ENDED_COUNT_MAX = 200_000;

  /** A record's sequence begins anew with each life of the agent, above all of the ones before. */
  private static final long SEQUENCE_SPAN = 1L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(HostTasks.class);

  private final TaskJournal journal;
  private final HostParts host;
  private final InstantSource clock;
  private final String bootId;
  private final long sequenceMin;
  private final TaskRunner.Shared shared;
  private final Map<TaskId, TaskRunner> live = new ConcurrentHashMap<>();
  private final Set<TaskId> ended = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Set<TaskId> unreadable = ConcurrentHashMap.newKeySet();

  /**
   * @param incarnation the number of this life of the agent
   * @param launchCountMax tasks that are launched at the same time
   * @param reports hears of every change that control should know, from any thread
   */
  public HostTasks(
      TaskJournal journal,
      HostParts host,
      TaskSecrets secrets,
      String bootId,
      long incarnation,
      int launchCountMax,
      Work work,
      InstantSource clock,
      Consumer<TaskReport> reports) {
    this.journal = journal;
    this.host = host;
    this.clock = clock;
    this.bootId = bootId;
    this.sequenceMin = incarnation * SEQUENCE_SPAN;
    this.shared =
        new TaskRunner.Shared(
            host,
            secrets,
            journal,
            new LaunchGate(launchCountMax),
            work,
            clock,
            reports,
            this::forgetNow);
  }

  /** Takes up what an earlier life of the agent left, and removes what belongs to nobody. */
  public void takeUp() throws IOException {
    var found = journal.load();
    unreadable.addAll(found.unreadable());
    ended.addAll(found.ended());
    var alive = new HashSet<TaskId>();
    for (var record : found.tasks()) {
      live.put(record.id(), runnerOf(record));
      if (record.phase() != TaskPhase.STOPPED) {
        alive.add(record.id());
      }
    }
    var remembered = new HashSet<>(live.keySet());
    remembered.addAll(ended);
    remembered.addAll(unreadable);
    new Leftovers(host).remove(alive, remembered);
    live.values().forEach(TaskRunner::begin);
  }

  private TaskRunner runnerOf(TaskRecord record) {
    return new TaskRunner(
        TaskReconciler.found(record, bootId, sequenceMin, clock.instant()), shared);
  }

  /** These tasks are all that should be here. */
  public void sync(List<TaskAssignment> assignments) {
    var listed =
        assignments.stream()
            .map(assignment -> assignment.spec().id())
            .collect(Collectors.toUnmodifiableSet());
    for (var task : List.copyOf(live.keySet())) {
      if (!listed.contains(task)) {
        unlisted(task);
      }
    }
    assignments.forEach(this::assign);
  }

  private void unlisted(TaskId task) {
    var runner = live.get(task);
    // Of a task that has ended control has all it wants: only its word for it was lost.
    if (runner != null && !end(task, Long.MAX_VALUE)) {
      runner.change(new TaskChange.NoLongerWanted());
    }
  }

  /** A task may come within the next moments. */
  public void expect() {
    host.cgroups().expectContainer();
  }

  /** One task is new here, or is told again. */
  public void assign(TaskAssignment assignment) {
    var task = assignment.spec().id();
    var runner = live.get(task);
    if (runner != null) {
      runner.change(new TaskChange.Told(assignment));
      return;
    }
    if (ended.contains(task)) {
      reportEnded(task);
      return;
    }
    host.cgroups().expectContainer();
    var told = new TaskRunner(admit(assignment), shared);
    live.put(task, told);
    told.begin();
  }

  private LocalTask admit(TaskAssignment assignment) {
    var now = clock.instant();
    if (unreadable.contains(assignment.spec().id())) {
      return TaskReconciler.refused(
          assignment, bootId, "ResourceInitializationError: the journal is lost", sequenceMin, now);
    }
    if (live.size() >= TASK_COUNT_MAX) {
      return TaskReconciler.refused(
          assignment, bootId, "ResourceInitializationError: the host is full", sequenceMin, now);
    }
    return TaskReconciler.told(assignment, bootId, sequenceMin, now);
  }

  private void reportEnded(TaskId task) {
    try {
      journal.readEnded(task).ifPresent(record -> shared.reports().accept(record.report()));
    } catch (IOException e) {
      LOG.atError().addKeyValue("task", task).setCause(e).log("ended task not reported again");
    }
  }

  /** A task's network is broken and could not be repaired: the task is stopped for that. */
  public void networkLost(TaskId task, String why) {
    var runner = live.get(task);
    if (runner != null) {
      runner.change(new TaskChange.NetworkLost(why));
    }
  }

  /** Control has that report. */
  public void acknowledged(TaskId task, long sequence) {
    end(task, sequence);
  }

  private boolean end(TaskId task, long sequence) {
    var runner = live.get(task);
    try {
      if (runner == null || !runner.endIfLast(sequence)) {
        return false;
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("task", task).setCause(e).log("ended task not put away");
      return false;
    }
    ended.add(task);
    live.remove(task, runner);
    unreadable.remove(task);
    if (ended.size() > ENDED_COUNT_MAX) {
      forgetEnded(ended.iterator().next());
    }
    return true;
  }

  /** Nobody asks for the task any more; one that still lives is stopped first. */
  public void forget(TaskId task) {
    var runner = live.get(task);
    if (runner == null || end(task, Long.MAX_VALUE)) {
      forgetEnded(task); // Also where a power cut has left the output and taken the record.
    } else {
      runner.change(new TaskChange.NoLongerWanted());
    }
  }

  private void forgetNow(TaskId task) {
    live.remove(task);
    forgetEnded(task);
  }

  /** The output first: while the record is there, a killed agent tries again. */
  private void forgetEnded(TaskId task) {
    try {
      host.runtime().deleteOutput(task);
      journal.forget(task);
      ended.remove(task);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("task", task).setCause(e).log("task not forgotten");
    }
  }

  /** Everything that control has not acknowledged as ended. */
  public List<TaskReport> reports() {
    var reports = new ArrayList<TaskReport>();
    live.values().forEach(runner -> reports.add(runner.record().report()));
    return reports;
  }

  /** Those that are over and kept, and those of which a power cut has left the output alone. */
  public List<TaskId> kept() throws IOException {
    var kept = new LinkedHashSet<>(host.runtime().outputs());
    synchronized (ended) {
      kept.addAll(ended);
    }
    kept.removeAll(live.keySet()); // Asked last: a new one has no output yet, or is listed here.
    return List.copyOf(kept);
  }

  /** Those that live or are kept and whose output is still here. */
  public List<TaskSpec> withOutput() throws IOException {
    var specs = new ArrayList<TaskSpec>();
    for (var task : host.runtime().outputs()) {
      try {
        find(task).map(record -> record.assignment().spec()).ifPresent(specs::add);
      } catch (IOException e) {
        // A power cut may leave an empty record; the agent must start all the same.
        LOG.atWarn().addKeyValue("task", task).setCause(e).log("its output cannot be sent on");
      }
    }
    return specs;
  }

  /** The tasks of this host that have not ended. */
  public List<TaskSpec> alive() {
    return live.values().stream()
        .map(TaskRunner::record)
        .filter(record -> record.phase() != TaskPhase.STOPPED)
        .map(record -> record.assignment().spec())
        .toList();
  }

  /** Whether the task is here and has not ended. */
  public boolean isAlive(TaskId task) {
    var runner = live.get(task);
    return runner != null && runner.record().phase() != TaskPhase.STOPPED;
  }

  /** A task that lives or is kept, as it is remembered. */
  public Optional<TaskRecord> find(TaskId task) throws IOException {
    var runner = live.get(task);
    return runner == null ? journal.readEnded(task) : Optional.of(runner.record());
  }

  /** Stops deciding and doing. The containers run on: they are no children of the agent. */
  @Override
  public void close() {
    live.values().forEach(TaskRunner::freeze);
    shared.work().close();
  }
}
