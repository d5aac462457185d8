package dev.berth.control.event;

import dev.berth.model.identity.Realm;
import dev.berth.model.task.ContainerReport;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskReport;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The newest changes of all tasks, in their order. */
public final class TaskStateChanges {
  /** A follower that is further behind misses the oldest. */
  static final int KEPT_COUNT_MAX = 10_000;

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final ArrayDeque<TaskStateChange> kept = new ArrayDeque<>();
  private long newest;

  public TaskStateChanges(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes what the ledger tells of a task; what changed no state is no news. */
  public void note(Optional<Task> before, Task after) {
    if (before.isPresent() && states(before.get()).equals(states(after))) {
      return;
    }
    lock.lock();
    try {
      newest++;
      kept.addLast(new TaskStateChange(newest, clock.instant(), after));
      if (kept.size() > KEPT_COUNT_MAX) {
        kept.removeFirst();
      }
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static List<String> states(Task task) {
    var containers =
        task.report().map(TaskReport::containers).orElse(List.of()).stream()
            .map(ContainerReport::status)
            .map(Enum::name)
            .toList();
    return List.of(
        task.state().lastStatus(), task.state().desiredStatus(), String.join(",", containers));
  }

  /** The number of the newest change; 0 before the first. */
  public long newest() {
    lock.lock();
    try {
      return newest;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The oldest changes behind a number that are still kept, of one account and region.
   *
   * @param countMax how many at the most
   */
  public List<TaskStateChange> after(long number, Realm realm, int countMax) {
    lock.lock();
    try {
      return kept.stream()
          .filter(change -> change.number() > number && change.task().spec().realm().equals(realm))
          .limit(countMax)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Returns once there is any change behind that number, or the time is over. */
  public void awaitAfter(long number, long millisMax) throws InterruptedException {
    long nanosLeft = TimeUnit.MILLISECONDS.toNanos(millisMax);
    lock.lock();
    try {
      while (newest <= number && nanosLeft > 0) {
        nanosLeft = added.awaitNanos(nanosLeft);
      }
    } finally {
      lock.unlock();
    }
  }
}
