package dev.berth.agent.task;

import dev.berth.agent.task.TaskChange.Span;
import dev.berth.model.task.LaunchTiming;
import java.time.Instant;
import java.util.Optional;

/** Where a launch spends its time, as steps bring it. Pure. */
final class LaunchTimings {
  private LaunchTimings() {}

  /** A phase lasts from its first container's begin until its last one's end. */
  static void time(TaskDraft draft, LaunchTiming.Phase phase, Span span) {
    var one = new LaunchTiming(phase, span.startEpochMicros(), span.durationMicros());
    draft.timings.merge(
        phase,
        one,
        (known, more) -> {
          long start = Math.min(known.startEpochMicros(), more.startEpochMicros());
          long end =
              Math.max(
                  known.startEpochMicros() + known.durationMicros(),
                  more.startEpochMicros() + more.durationMicros());
          return new LaunchTiming(phase, start, end - start);
        });
  }

  /** From the end of the start until the first byte. */
  static void firstOutput(TaskDraft draft, Optional<Instant> at) {
    var start = draft.timings.get(LaunchTiming.Phase.START);
    if (at.isEmpty() || start == null) {
      return;
    }
    long from = start.startEpochMicros() + start.durationMicros();
    draft.timings.putIfAbsent(
        LaunchTiming.Phase.FIRST_OUTPUT,
        new LaunchTiming(
            LaunchTiming.Phase.FIRST_OUTPUT, from, Math.max(0, epochMicros(at.get()) - from)));
  }

  static long epochMicros(Instant at) {
    return Math.addExact(at.getEpochSecond() * 1_000_000, at.getNano() / 1_000);
  }
}
