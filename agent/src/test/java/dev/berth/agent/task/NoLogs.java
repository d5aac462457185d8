package dev.berth.agent.task;

import dev.berth.agent.logs.TaskLogs;
import dev.berth.agent.runtime.ContainerKey;
import dev.berth.link.message.ToAgent;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.task.TaskSpec;
import java.util.function.Predicate;

/** No container of these tests has a log stream. */
final class NoLogs implements TaskLogs {
  @Override
  public void open(TaskSpec task) {
    throw new AssertionError("no container has a log stream");
  }

  @Override
  public void takeUp(TaskSpec task) {}

  @Override
  public void ask(Predicate<ContainerKey> judge) {}

  @Override
  public void connected(ControlSession session) {}

  @Override
  public void disconnected(ControlSession session) {}

  @Override
  public void stands(ToAgent.LogStands standing) {}

  @Override
  public void close() {}
}
