package dev.berth.agent.task;

import dev.berth.agent.runtime.ContainerKey;
import dev.berth.model.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Does steps one by one on the test's thread, in an order that a seed decides. */
public final class PumpedWork implements Work {
  /** Work that waits for its turn; {@code step} is empty for what is no step. */
  record Waiting(
      TaskId task, Optional<TaskStep> step, Duration pause, Runnable doing, Handle handle) {}

  static final class Handle implements Job {
    boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private static final TaskId NOBODY = new TaskId("f".repeat(32));

  /** Whether work that was given up may be cut off before it has done anything. */
  boolean cutsOff = true;

  private final List<Waiting> waiting = new ArrayList<>();
  private final FakeHost host;

  public PumpedWork(FakeHost host) {
    this.host = host;
  }

  @Override
  public Job begin(TaskId task, TaskStep step, Duration pause, Runnable doing) {
    host.crashPoint("begin " + step);
    var handle = new Handle();
    waiting.add(new Waiting(task, Optional.of(step), pause, doing, handle));
    return handle;
  }

  @Override
  public void later(Duration pause, Runnable doing) {
    waiting.add(new Waiting(NOBODY, Optional.empty(), pause, doing, new Handle()));
  }

  @Override
  public void close() {
    waiting.clear();
  }

  /** Does one piece of work that could be done now; false when there is none. */
  public boolean runOne(RandomGenerator random) {
    return runOne(random, _ -> true);
  }

  boolean runOne(RandomGenerator random, Predicate<Waiting> wanted) {
    // A pull that was given up may be cut off, or come to its end all the same.
    waiting.removeIf(work -> cutsOff && work.handle().cancelled && random.nextBoolean());
    var ready = waiting.stream().filter(this::isReady).filter(wanted).toList();
    if (ready.isEmpty()) {
      return false;
    }
    var next = ready.get(random.nextInt(ready.size()));
    waiting.remove(next);
    next.doing().run();
    return true;
  }

  /** Does all that can be done without waiting for a timer or for a container's end. */
  void runAll(RandomGenerator random) {
    for (int i = 0; i < 100_000; i++) {
      if (!runOne(random, work -> work.pause().isZero())) {
        return;
      }
    }
    throw new AssertionError("the work never ends: " + steps());
  }

  /** Lets the pause of that kind of step pass. */
  boolean runPaused(RandomGenerator random, Class<? extends TaskStep> kind) {
    return runOne(random, work -> work.step().filter(kind::isInstance).isPresent());
  }

  /** What is to pass before that kind of step. */
  Optional<Duration> pause(Class<? extends TaskStep> kind) {
    return waiting.stream()
        .filter(work -> work.step().filter(kind::isInstance).isPresent())
        .map(Waiting::pause)
        .findFirst();
  }

  public List<TaskStep> steps() {
    return waiting.stream().flatMap(work -> work.step().stream()).toList();
  }

  private boolean isReady(Waiting work) {
    return work.step().isEmpty()
        || !(work.step().get() instanceof TaskStep.AwaitExit(var container))
        || !host.isRunning(new ContainerKey(work.task(), container));
  }
}
