/**
 * Chooses the host for a task.
 *
 * <p>Enters: hosts with what is left of them, and a wish. Leaves: a host, or why there is none.
 * Pure, and it never over-commits. Start reading at {@link dev.berth.control.scheduler.Scheduler}.
 */
@NullMarked
package dev.berth.control.scheduler;

import org.jspecify.annotations.NullMarked;
