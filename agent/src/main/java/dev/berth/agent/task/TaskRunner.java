package dev.berth.agent.task;

import dev.berth.agent.journal.TaskJournal;
import dev.berth.agent.journal.TaskRecord;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds one task: works changes into it, keeps its journal, and begins the steps that are due.
 *
 * <p>The order is what makes a crash harmless: a change is written down before any step relies on
 * it, and before control hears of it.
 */
final class TaskRunner {
  /** A journal that cannot be written, as on a full disk, is tried again. */
  private static final Duration SAVE_RETRY_PAUSE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  /**
   * What all tasks of a host share.
   *
   * @param reports hears of every change that control should know
   * @param forgotten hears of a task that nobody wants and of which nothing is left
   */
  record Shared(
      HostParts host,
      TaskSecrets secrets,
      TaskJournal journal,
      LaunchGate gate,
      Work work,
      InstantSource clock,
      Consumer<TaskReport> reports,
      Consumer<TaskId> forgotten) {}

  private final Shared shared;
  private final StepExecutor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<TaskStep, Work.Job> jobs = new HashMap<>();
  private LocalTask task;
  private boolean saved;
  private boolean over;

  TaskRunner(LocalTask task, Shared shared) {
    this.task = task;
    this.shared = shared;
    this.executor =
        new StepExecutor(task.record().assignment().spec(), shared.host(), shared.secrets());
  }

  /** Writes the task down for the first time in this life, and begins. */
  void begin() {
    lock.lock();
    try {
      goOn(true);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the record, if it is of a task that has ended and the report was its last. */
  boolean endIfLast(long acknowledgedSequence) throws IOException {
    lock.lock();
    try {
      if (over
          || !saved
          || task.phase() != TaskPhase.STOPPED
          || acknowledgedSequence < task.record().report().sequence()) {
        return false;
      }
      shared.journal().end(task.id());
      over = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing of it changes any more, and nothing is done: the agent closes. */
  void freeze() {
    lock.lock();
    try {
      over = true;
    } finally {
      lock.unlock();
    }
  }

  TaskRecord record() {
    lock.lock();
    try {
      return task.record();
    } finally {
      lock.unlock();
    }
  }

  private TaskId task() {
    return record().id();
  }

  void change(TaskChange change) {
    lock.lock();
    try {
      if (change instanceof TaskChange.StepDone done) {
        jobs.remove(done.step());
      } else if (change instanceof TaskChange.StepFailed failed) {
        jobs.remove(failed.step());
      }
      if (over) {
        shared.gate().leave(task.id()); // It may have been admitted since.
        return;
      }
      var before = task;
      task = TaskReconciler.next(before, change, shared.clock().instant());
      saved &= !task.mustBeSavedAfter(before);
      if (task.phase() != before.phase()) {
        LOG.atInfo()
            .addKeyValue("task", task.id())
            .addKeyValue("phase", task.phase())
            .log("task moved");
      }
      goOn(task.isNewsAfter(before));
    } finally {
      lock.unlock();
    }
  }

  private void goOn(boolean news) {
    if (!saved) {
      try {
        shared.journal().save(task.record());
        saved = true;
      } catch (IOException e) {
        LOG.atError().addKeyValue("task", task.id()).setCause(e).log("journal not written");
        shared.work().later(SAVE_RETRY_PAUSE, this::saveAgain);
        return;
      }
    }
    if (news) {
      shared.reports().accept(task.record().report());
    }
    if (task.phase() != TaskPhase.PENDING || task.containers().stream().noneMatch(task::isUnmade)) {
      shared.gate().leave(task.id()); // All is made; what it waits for now may take for ever.
    }
    if (task.phase().compareTo(TaskPhase.STOPPING) >= 0) {
      giveUp();
    }
    if (task.phase() == TaskPhase.STOPPED && task.record().unwanted()) {
      over = true;
      shared.forgotten().accept(task.id());
      return;
    }
    var steps = TaskPlanner.plan(task, shared.clock().instant());
    task = TaskReconciler.begun(task, steps);
    for (var planned : steps) {
      var step = planned.step();
      jobs.put(step, shared.work().begin(task.id(), step, planned.pause(), () -> perform(step)));
    }
  }

  private void saveAgain() {
    lock.lock();
    try {
      if (!over && !saved) {
        goOn(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A task that is to stop pulls no image and checks no health. */
  private void giveUp() {
    jobs.entrySet().stream()
        .filter(job -> job.getKey() instanceof TaskStep.GivenUp)
        .forEach(job -> job.getValue().cancel());
  }

  private void perform(TaskStep step) {
    if (step instanceof TaskStep.AwaitLaunchSlot) {
      shared.gate().enter(task(), () -> shared.work().later(Duration.ZERO, this::admitted));
      return;
    }
    long startEpochMicros = LaunchTimings.epochMicros(shared.clock().instant());
    long startNanos = System.nanoTime();
    try {
      var outcome = executor.perform(step);
      long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
      change(new TaskChange.StepDone(step, outcome, new TaskChange.Span(startEpochMicros, micros)));
      if (step instanceof TaskStep.ResolveImage) {
        releaseIfLate();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The agent closes: the next life looks again.
    } catch (IOException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("task", task.id())
          .addKeyValue("step", step)
          .setCause(e)
          .log("step failed");
      change(new TaskChange.StepFailed(step, describe(e)));
    }
  }

  private void admitted() {
    change(
        new TaskChange.StepDone(
            new TaskStep.AwaitLaunchSlot(), new Outcome.Done(), new TaskChange.Span(0, 0)));
  }

  /** A pull that was given up may come to its end all the same, after the images were released. */
  private void releaseIfLate() throws IOException {
    lock.lock();
    try {
      if (!over && task.phase().compareTo(TaskPhase.DEPROVISIONING) < 0) {
        return;
      }
    } finally {
      lock.unlock();
    }
    shared.host().images().release(task());
  }

  private static String describe(Exception failure) {
    var message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
