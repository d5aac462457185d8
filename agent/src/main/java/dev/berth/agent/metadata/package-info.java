/**
 * What a task is told of itself at 169.254.170.2: version 3 and 4 of ECS's task metadata, and the
 * credentials of its role and its protection.
 *
 * <p>In come a task that asks, known by where its packets come from, and a path; out comes JSON of
 * the journal, the kernel's counters and the task's interface. A task is told of itself alone.
 * Facts: AWS's documentation of the endpoint, and Docker's of its statistics. Start reading at
 * {@link dev.berth.agent.metadata.TaskEndpoints}.
 */
@NullMarked
package dev.berth.agent.metadata;

import org.jspecify.annotations.NullMarked;
