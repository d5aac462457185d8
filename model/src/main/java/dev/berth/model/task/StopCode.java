package dev.berth.model.task;

/** Why a task stopped, in ECS's own words: {@link #wireName} is what DescribeTasks shows. */
public enum StopCode {
  TASK_FAILED_TO_START("TaskFailedToStart"),
  ESSENTIAL_CONTAINER_EXITED("EssentialContainerExited"),
  USER_INITIATED("UserInitiated"),
  SERVICE_SCHEDULER_INITIATED("ServiceSchedulerInitiated"),
  SPOT_INTERRUPTION("SpotInterruption"),
  TERMINATION_NOTICE("TerminationNotice");

  private final String wireName;

  StopCode(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
