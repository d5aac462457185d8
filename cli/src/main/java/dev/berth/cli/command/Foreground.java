package dev.berth.cli.command;

import dev.berth.cli.endpoint.BerthClient;
import dev.berth.cli.endpoint.CallFailed;
import dev.berth.cli.task.ForegroundTask;
import dev.berth.cli.task.TaskEnd;
import dev.berth.cli.task.TaskRequest;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A task on a person's terminal: its output is theirs, and their Ctrl-C is its end.
 *
 * <p>The JDK offers no public way to hear a signal but a shutdown hook, which runs while the main
 * thread goes on. So the hook asks the task to stop, lets the main thread print the rest, and ends
 * the process with the container's code.
 */
final class Foreground {
  /** As {@code docker run}: no container ran, so the code is none of its own. */
  static final int NEVER_RAN = 125;

  private static final int INTERRUPTED = 130;

  /** Above the longest stop timeout that a task may have. */
  private static final long STOP_SECONDS_MAX = 150;

  private final BerthClient client;
  private final PrintWriter out;
  private final PrintWriter err;

  Foreground(BerthClient client, PrintWriter out, PrintWriter err) {
    this.client = client;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts a task and prints what it writes until it ends; its exit code.
   *
   * @param detach to print its ARN only
   */
  int run(TaskRequest request, boolean detach) throws InterruptedException {
    return switch (ForegroundTask.start(client, request)) {
      case ForegroundTask.Start.Declined(String reason) -> {
        say("the task was not started: " + reason);
        yield NEVER_RAN;
      }
      case ForegroundTask.Start.Accepted(ForegroundTask task) -> {
        if (detach) {
          out.println(task.arn());
          yield 0;
        }
        yield watch(task);
      }
    };
  }

  private int watch(ForegroundTask task) throws InterruptedException {
    var exitCode = new CompletableFuture<Integer>();
    var hook = Thread.ofPlatform().name("stop-task").unstarted(() -> stopAndHalt(task, exitCode));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      int code = code(task.follow(out, err, status -> say("the task is " + status)));
      exitCode.complete(code);
      return code;
    } finally {
      exitCode.complete(INTERRUPTED); // Without effect unless the watching itself failed.
      remove(hook);
    }
  }

  private int code(TaskEnd end) {
    return switch (end) {
      case TaskEnd.Exited(int code, String note) -> {
        if (!note.isEmpty()) {
          say(note);
        }
        yield code;
      }
      case TaskEnd.NeverRan(String reason) -> {
        say("the task did not run: " + reason);
        yield NEVER_RAN;
      }
    };
  }

  private void stopAndHalt(ForegroundTask task, CompletableFuture<Integer> exitCode) {
    int code = INTERRUPTED;
    try {
      task.stop("Interrupted by the person who ran it");
      code = exitCode.get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (CallFailed e) {
      say(String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      say(task.arn() + " does not stop; ./berth task ls shows it");
    } catch (InterruptedException | ExecutionException e) {
      say("stopped watching " + task.arn());
    }
    out.flush();
    err.flush();
    Runtime.getRuntime().halt(code);
  }

  private void say(String text) {
    out.flush();
    err.println("berth: " + text);
    err.flush();
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs already, and ends the process itself.
      return;
    }
  }
}
