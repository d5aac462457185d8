package dev.berth.model.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.host.HostId;
import dev.berth.model.task.TaskEvent.HostLost;
import dev.berth.model.task.TaskEvent.Placed;
import dev.berth.model.task.TaskEvent.Reported;
import dev.berth.model.task.TaskEvent.StopRequested;
import dev.berth.model.task.TaskState.Deprovisioning;
import dev.berth.model.task.TaskState.Pending;
import dev.berth.model.task.TaskState.Provisioning;
import dev.berth.model.task.TaskState.Running;
import dev.berth.model.task.TaskState.Stopped;
import dev.berth.model.task.TaskState.Stopping;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TaskStateTest {
  private static final List<TaskPhase> PHASES = List.of(TaskPhase.values());
  private static final HostId HOST = new HostId("h1");
  private static final StopReason USER = new StopReason(StopCode.USER_INITIATED, "enough");
  private static final StopReason EXITED =
      new StopReason(StopCode.ESSENTIAL_CONTAINER_EXITED, "Essential container in task exited");
  private static final StopReason LOST = new StopReason(StopCode.TERMINATION_NOTICE, "lost");

  @Test
  void aTaskGoesItsWay() {
    TaskState state = new Provisioning();
    for (TaskEvent event :
        List.of(
            new Placed(HOST),
            new Reported(TaskPhase.RUNNING, Optional.empty()),
            new Reported(TaskPhase.STOPPING, Optional.of(EXITED)),
            new Reported(TaskPhase.DEPROVISIONING, Optional.of(EXITED)),
            new Reported(TaskPhase.STOPPED, Optional.of(EXITED)))) {
      state = TaskState.next(state, event);
    }
    assertThat(state).isEqualTo(new Stopped(EXITED, Optional.empty()));
  }

  @Test
  void aTaskThatWasNeverPlacedStopsAtOnce() {
    assertThat(TaskState.next(new Provisioning(), new StopRequested(USER)))
        .isEqualTo(new Stopped(USER, Optional.empty()));
  }

  @Test
  void theFirstReasonToStopWins() {
    var asked = TaskState.next(new Running(HOST, Optional.empty()), new StopRequested(USER));
    assertThat(asked).isEqualTo(new Running(HOST, Optional.of(USER)));
    assertThat(asked.desiredStatus()).isEqualTo("STOPPED");
    assertThat(TaskState.next(asked, new Reported(TaskPhase.STOPPING, Optional.of(EXITED))))
        .isEqualTo(new Stopping(HOST, USER));
  }

  @Test
  void aLateReportMovesNothingBack() {
    var state = new Deprovisioning(HOST, EXITED);
    assertThat(TaskState.next(state, new Reported(TaskPhase.RUNNING, Optional.empty())))
        .isEqualTo(state);
  }

  @Test
  void aTaskOfALostHostHoldsItsRoomUntilTheHostSaysThatItIsGone() {
    var lost = TaskState.next(new Running(HOST, Optional.empty()), new HostLost(LOST));
    assertThat(lost).isEqualTo(new Stopped(LOST, Optional.of(HOST)));
    assertThat(lost.holder()).contains(HOST);

    var late = TaskState.next(lost, new Reported(TaskPhase.RUNNING, Optional.empty()));
    assertThat(late.holder()).contains(HOST);

    var released = TaskState.next(lost, new Reported(TaskPhase.STOPPED, Optional.of(EXITED)));
    assertThat(released).isEqualTo(new Stopped(LOST, Optional.empty()));
  }

  @Test
  void aTaskIsNeverPlacedTwice() {
    assertThatThrownBy(
            () -> TaskState.next(new Pending(HOST, Optional.empty()), new Placed(new HostId("h2"))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noOrderOfReportsBringsATaskBackOrChangesItsReason() {
    for (long seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      TaskState state = new Pending(HOST, Optional.empty());
      Optional<StopReason> first = Optional.empty();
      int rank = 0;
      for (int step = 0; step < 20; step++) {
        state = TaskState.next(state, anyEvent(random));
        int now =
            List.of("PENDING", "RUNNING", "STOPPING", "DEPROVISIONING", "STOPPED")
                .indexOf(state.lastStatus());
        assertThat(now).as("seed %d", seed).isGreaterThanOrEqualTo(rank);
        if (first.isPresent()) {
          assertThat(state.stopReason()).as("seed %d", seed).isEqualTo(first);
        }
        rank = now;
        first = state.stopReason();
      }
    }
  }

  private static TaskEvent anyEvent(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new StopRequested(USER);
      case 1 -> random.nextInt(5) == 0 ? new HostLost(LOST) : new StopRequested(USER);
      case 2 -> new Reported(TaskPhase.RUNNING, Optional.empty());
      case 3 -> {
        var phase = PHASES.get(random.nextInt(PHASES.size()));
        yield phase.compareTo(TaskPhase.RUNNING) > 0
            ? new Reported(phase, Optional.of(EXITED))
            : new Reported(phase, Optional.empty());
      }
      default -> throw new AssertionError();
    };
  }
}
