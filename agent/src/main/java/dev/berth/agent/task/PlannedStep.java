package dev.berth.agent.task;

import java.time.Duration;

/** A step that is due, now or after a pause. */
record PlannedStep(TaskStep step, Duration pause) {}
