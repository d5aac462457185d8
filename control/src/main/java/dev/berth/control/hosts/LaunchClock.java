package dev.berth.control.hosts;

import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.LaunchTiming.Phase;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long commit and delivery of a launch took. A commit's end cannot stand in what it commits, so
 * it is kept here until the host's next report is written.
 */
public final class LaunchClock {
  private static final int LAUNCH_COUNT_MAX = 10_000;

  private final Map<TaskId, LaunchTiming> commits =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TaskId, LaunchTiming> eldest) {
          return size() > LAUNCH_COUNT_MAX;
        }
      };

  /** The task's acceptance became durable at that time. */
  public synchronized void committed(Task task, Instant at) {
    long end = ChronoUnit.MICROS.between(Instant.EPOCH, at);
    long start =
        task.timings().isEmpty()
            ? end
            : task.timings().getLast().startEpochMicros()
                + task.timings().getLast().durationMicros();
    commits.put(task.id(), new LaunchTiming(Phase.COMMIT, start, Math.max(0, end - start)));
  }

  synchronized void forget(TaskId task) {
    commits.remove(task);
  }

  /** The task with commit and delivery among its timings, once both are known. */
  synchronized Task complete(Task task) {
    LaunchTiming commit = commits.get(task.id());
    Optional<LaunchTiming> arrival = task.report().flatMap(LaunchClock::arrival);
    if (commit == null || arrival.isEmpty()) {
      return task;
    }
    commits.remove(task.id());
    long sent = commit.startEpochMicros() + commit.durationMicros();
    var timings = new ArrayList<>(task.timings());
    timings.add(commit);
    timings.add(
        new LaunchTiming(
            Phase.DELIVER, sent, Math.max(0, arrival.get().startEpochMicros() - sent)));
    return task.withTimings(timings);
  }

  private static Optional<LaunchTiming> arrival(TaskReport report) {
    return report.timings().stream().filter(each -> each.phase() == Phase.DELIVER).findFirst();
  }
}
