package dev.berth.agent.task;

import dev.berth.model.task.TaskId;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Each step on a virtual thread of its own: they block, and are cheap while they do. */
public final class VirtualThreads implements Work {
  private static final long CLOSE_SECONDS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(VirtualThreads.class);

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("task-step-", 0).factory());

  @Override
  public Job begin(TaskId task, TaskStep step, Duration pause, Runnable doing) {
    return begin(pause, doing);
  }

  @Override
  public void later(Duration pause, Runnable doing) {
    begin(pause, doing);
  }

  private Job begin(Duration pause, Runnable doing) {
    try {
      var future =
          threads.submit(
              () -> {
                run(pause, doing);
                return true;
              });
      return () -> future.cancel(true);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  private static void run(Duration pause, Runnable doing) throws InterruptedException {
    if (pause.isPositive()) {
      Thread.sleep(pause);
    }
    try {
      doing.run();
    } catch (RuntimeException | Error bug) {
      LOG.atError().setCause(bug).log("a step ended by a bug");
      throw bug;
    }
  }

  /** Interrupts what is going on and waits a little for it. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
