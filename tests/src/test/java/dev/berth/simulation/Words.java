package dev.berth.simulation;

import dev.berth.link.message.TaskAssignment;
import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskId;

/** Messages and tasks in few words, and without anything that differs between two runs. */
final class Words {
  private static final int ID_DIGIT_COUNT = 6;

  private Words() {}

  static String of(TaskId task) {
    return task.value().substring(0, ID_DIGIT_COUNT);
  }

  static String of(Task task) {
    return of(task.id()) + " " + task.state();
  }

  static String of(ToControl message) {
    return switch (message) {
      case ToControl.Hello(_, var facts) -> "hello of " + facts.id() + ", " + facts.bootId();
      case ToControl.Report(var report) ->
          "report of "
              + of(report.task())
              + " "
              + report.phase()
              + " "
              + report.sequence()
              + report.stopReason().map(reason -> " " + reason.text()).orElse("");
      case ToControl other -> other.getClass().getSimpleName();
    };
  }

  static String of(ToAgent message) {
    String what =
        switch (message) {
          case ToAgent.Sync(_, var all) -> "sync " + all.stream().map(Words::of).toList();
          case ToAgent.Assign(_, var one) -> "assign " + of(one);
          case ToAgent.Acknowledge(_, var task, var sequence) ->
              "acknowledge " + of(task) + " " + sequence;
          case ToAgent.Expect _ -> "expect a task";
          case ToAgent.Forget(_, var task) -> "forget " + of(task);
          case ToAgent other -> other.getClass().getSimpleName();
        };
    return what + ", generation " + message.generation();
  }

  private static String of(TaskAssignment assignment) {
    return of(assignment.spec().id())
        + " for "
        + assignment.bootId()
        + (assignment.stop().isPresent() ? " to stop" : "");
  }
}
