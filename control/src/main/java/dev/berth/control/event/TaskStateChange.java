package dev.berth.control.event;

import dev.berth.model.task.Task;
import java.time.Instant;

/**
 * A task whose state, or that of one of its containers, became another one.
 *
 * @param number grows by one from change to change, from 1 at each start of the control plane
 * @param at when it was durable
 * @param task as it was from then on
 */
public record TaskStateChange(long number, Instant at, Task task) {}
