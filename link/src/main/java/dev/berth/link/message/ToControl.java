package dev.berth.link.message;

import dev.berth.model.host.HostFacts;
import dev.berth.model.log.EventBlock;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskReport;
import java.time.Instant;
import java.util.List;

/** What a host tells control. */
public sealed interface ToControl {
  /**
   * First on every connection.
   *
   * @param formatVersion of the messages that the host speaks
   */
  record Hello(int formatVersion, HostFacts facts) implements ToControl {}

  /** How a task stands. Repeated on each connection until it is acknowledged. */
  record Report(TaskReport report) implements ToControl {}

  /**
   * Tasks that are over on this host and whose output it keeps, in as many pieces as it takes; said
   * on each connection. Of each that control does not know, the {@link ToAgent.Forget} was lost: it
   * is said again.
   */
  record Keeps(List<TaskId> tasks) implements ToControl {
    /** Of one message. */
    public static final int TASK_COUNT_MAX = 10_000;

    public Keeps {
      tasks = List.copyOf(tasks);
    }
  }

  /** The host is alive; sent at least every {@link #INTERVAL_SECONDS}. */
  record Heartbeat() implements ToControl {
    public static final int INTERVAL_SECONDS = 5;
  }

  /**
   * Asks for the values of the secrets and environment files of a task that this host was given.
   * Answered by one {@link ToAgent.Secrets}.
   */
  record AskSecrets(long request, TaskId task) implements ToControl {}

  /**
   * Asks for new credentials of the role of a task that this host was given. Answered by one {@link
   * ToAgent.Credentials}, or not at all where there is no such task or role.
   */
  record AskCredentials(TaskId task) implements ToControl {}

  /**
   * Answers {@link ToAgent.ReadOutput}.
   *
   * @param nextOffset from where to ask on
   * @param end nothing follows: the container has ended and all was read, or it is unknown here
   */
  record Output(long request, List<OutputLine> lines, long nextOffset, boolean end)
      implements ToControl {
    public Output {
      lines = List.copyOf(lines);
    }
  }

  /** Asks for a container's log stream to be made, if it is not there. */
  record OpenLog(TaskId task, String container) implements ToControl {}

  /**
   * A piece of a container's output, for its log stream. It is stored once, however often it is
   * sent.
   *
   * @param batch grows with each that this life of the host sends
   * @param after where the one before ended; if the stream stands elsewhere, this one is not stored
   * @param end where the next one begins
   * @param complete the container has ended, and this is all
   */
  record LogBatch(
      TaskId task,
      String container,
      long batch,
      long after,
      long end,
      boolean complete,
      EventBlock events)
      implements ToControl {}

  /**
   * A piece of output.
   *
   * @param stream {@code stdout} or {@code stderr}
   * @param text decoded as UTF-8, without the line's end
   * @param partial the writer has not ended the line here
   */
  record OutputLine(Instant at, String stream, String text, boolean partial) {}
}
