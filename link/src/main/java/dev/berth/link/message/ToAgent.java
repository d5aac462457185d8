package dev.berth.link.message;

import dev.berth.model.network.MemberChange;
import dev.berth.model.network.VpcPlan;
import dev.berth.model.signature.RoleCredentials;
import dev.berth.model.task.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What control tells a host. */
public sealed interface ToAgent {
  /** Grows with each connection of the host: an older one's messages are refused (fencing). */
  long generation();

  /**
   * All that this host should run, first on every connection. A task that the host has and the list
   * has not is stopped and forgotten.
   */
  record Sync(long generation, List<TaskAssignment> assignments) implements ToAgent {
    public Sync {
      assignments = List.copyOf(assignments);
    }
  }

  /**
   * A task may come within the next moments: what every launch begins with may be begun. Promises
   * nothing, and no {@link Assign} needs one before it.
   */
  record Expect(long generation) implements ToAgent {}

  /** One task is new or has changed. */
  record Assign(long generation, TaskAssignment assignment) implements ToAgent {}

  /**
   * A VPC of which the host carries tasks, or soon will, as it is now. Sent before the first task
   * that needs it and with every change; plans of an older version than the host's are dropped. On
   * each connection the first word of a VPC is a whole plan; where interfaces alone come and go, a
   * {@link Members} follows instead.
   */
  record Network(long generation, VpcPlan plan) implements ToAgent {}

  /**
   * Interfaces came to a VPC or left it. Sent like a {@link Network} and in its place: before the
   * first task whose interface it names.
   */
  record Members(long generation, MemberChange change) implements ToAgent {}

  /**
   * That report is durable. After the one that says {@code STOPPED} the host may forget the task;
   * its output stays until {@link Forget}.
   */
  record Acknowledge(long generation, TaskId task, long sequence) implements ToAgent {}

  /**
   * The task is no longer shown to anybody: its output may go too. Said when its time is over, and
   * in answer to a {@link ToControl.Keeps} or a report that speaks of one.
   */
  record Forget(long generation, TaskId task) implements ToAgent {}

  /**
   * Answers {@link ToControl.AskSecrets}. {@code toString} never shows a value.
   *
   * @param values by container and variable: of secrets, and of what environment files say
   * @param missing what cannot be had, in words that name it; then there is no value. Where it
   *     begins with an error's name it is the whole reason
   */
  record Secrets(
      long generation,
      long request,
      TaskId task,
      Map<String, Map<String, String>> values,
      Optional<String> missing)
      implements ToAgent {
    public Secrets {
      values = Map.copyOf(values);
    }

    @Override
    public String toString() {
      return "Secrets[request " + request + ", task " + task + ", missing " + missing + "]";
    }
  }

  /**
   * Answers {@link ToControl.AskCredentials}. Those that it had before stay valid until their own
   * time is over. {@code toString} never shows a secret.
   */
  record Credentials(long generation, TaskId task, RoleCredentials credentials)
      implements ToAgent {}

  /**
   * Asks for a container's output. Answered by one {@link ToControl.Output}.
   *
   * @param offset where to go on; 0 at first
   */
  record ReadOutput(
      long generation, long request, TaskId task, String container, long offset, int byteCountMax)
      implements ToAgent {}

  /**
   * Where a container's log stream stands: answers {@link ToControl.OpenLog} and each {@link
   * ToControl.LogBatch}, after what it says is durable.
   *
   * @param batch the batch's number; 0 for the opening
   * @param offset up to there the container's output is stored, or given up
   * @param failure why there is no stream
   */
  record LogStands(
      long generation,
      TaskId task,
      String container,
      long batch,
      long offset,
      Optional<String> failure)
      implements ToAgent {}
}
