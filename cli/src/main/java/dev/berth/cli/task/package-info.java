/**
 * Tasks as a person at a terminal has them: started, watched, listed, ended.
 *
 * <p>Enters: a {@link dev.berth.cli.endpoint.BerthClient} and what to run. Leaves: the task's
 * output and a {@link dev.berth.cli.task.TaskEnd}. Invariant: an exit code is the container's own
 * or is said not to be. Start reading at {@link dev.berth.cli.task.ForegroundTask}.
 */
@NullMarked
package dev.berth.cli.task;

import org.jspecify.annotations.NullMarked;
