package dev.berth.agent.logs;

import dev.berth.agent.runtime.ContainerKey;
import dev.berth.link.message.ToAgent;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.task.TaskSpec;
import java.io.IOException;
import java.util.function.Predicate;

/** The log streams of tasks. */
public interface TaskLogs extends AutoCloseable {
  /**
   * Has control make the streams that the task's containers write to, and ships from then on what
   * they write. A failure says what AWS says. May be repeated.
   */
  void open(TaskSpec task) throws IOException, InterruptedException;

  /** Goes on with what an earlier life of the agent shipped. */
  void takeUp(TaskSpec task);

  /** Who says whether a container has ended and writes nothing more. */
  void ask(Predicate<ContainerKey> judge);

  void connected(ControlSession session);

  void disconnected(ControlSession session);

  /** Control says where a stream stands. */
  void stands(ToAgent.LogStands standing);

  /** What is not stored yet is shipped by the next life. */
  @Override
  void close();
}
