package dev.berth.agent.journal;

import dev.berth.link.message.TaskAssignment;
import dev.berth.model.task.TaskId;
import dev.berth.model.task.TaskPhase;
import dev.berth.model.task.TaskReport;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A task as the agent remembers it.
 *
 * @param formatVersion of this record, see {@link dev.berth.link.format.RecordFormat#VERSION}
 * @param assignment what control said last
 * @param unwanted control no longer lists it: it is stopped and then forgotten
 * @param report what is or will be told to control
 * @param marks by container
 */
public record TaskRecord(
    int formatVersion,
    TaskAssignment assignment,
    boolean unwanted,
    TaskReport report,
    Map<String, ContainerMark> marks) {
  public TaskRecord {
    marks = Map.copyOf(marks);
  }

  /**
   * What a report does not say of a container.
   *
   * @param mayHaveStarted written before its process is started: from then on it is never started
   *     again, but looked at
   * @param stopSignal of its image
   * @param awaitedSince when it ran for the first time: others wait for it from then on
   * @param terminatedAt when its stop signal was sent
   */
  public record ContainerMark(
      boolean mayHaveStarted,
      Optional<String> stopSignal,
      Optional<Instant> awaitedSince,
      Optional<Instant> terminatedAt) {
    public static final ContainerMark NONE =
        new ContainerMark(false, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public TaskId id() {
    return assignment.spec().id();
  }

  public TaskPhase phase() {
    return report.phase();
  }

  public ContainerMark mark(String container) {
    return marks.getOrDefault(container, ContainerMark.NONE);
  }
}
