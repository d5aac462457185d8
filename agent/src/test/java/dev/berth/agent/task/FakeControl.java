package dev.berth.agent.task;

import dev.berth.link.message.ToControl;
import dev.berth.link.stream.ControlSession;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps what an agent says, as control does: of each task the report with the highest sequence. */
final class FakeControl implements ControlSession {
  final Map<TaskId, TaskReport> reports = new HashMap<>();
  final List<ToControl> messages = new ArrayList<>();
  private final FakeHost host;

  FakeControl(FakeHost host) {
    this.host = host;
  }

  @Override
  public void send(ToControl message) {
    host.crashPoint("send");
    messages.add(message);
    if (message instanceof ToControl.Report(var report)) {
      var known = reports.get(report.task());
      if (known != null && known.sequence() >= report.sequence()) {
        return;
      }
      if (known != null && known.phase().compareTo(report.phase()) > 0) {
        throw new AssertionError("went back from " + known + " to " + report);
      }
      reports.put(report.task(), report);
    }
  }

  Optional<TaskPhase> phase(TaskId task) {
    return report(task).map(TaskReport::phase);
  }

  Optional<TaskReport> report(TaskId task) {
    return Optional.ofNullable(reports.get(task));
  }

  @Override
  public void close() {}
}
