package dev.berth.link.message;

import dev.berth.model.task.StopReason;
import dev.berth.model.task.TaskSpec;
import java.util.Optional;

/**
 * What should be true of one task on one host.
 *
 * @param bootId the host's boot for which the task was placed: on another boot it is never started,
 *     so that a machine that lost its power runs nothing twice
 * @param stop present once the task should end
 */
public record TaskAssignment(TaskSpec spec, String bootId, Optional<StopReason> stop) {}
