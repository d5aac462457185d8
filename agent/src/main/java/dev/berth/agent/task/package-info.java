/**
 * A task on this host: launched, watched, stopped and taken down in small idempotent steps.
 *
 * <p>Deciding and doing are apart. {@link dev.berth.agent.task.TaskReconciler} says what a task
 * becomes by a change, {@link dev.berth.agent.task.TaskPlanner} which steps are due; both are pure.
 * {@link dev.berth.agent.task.StepExecutor} does one step and decides nothing. {@link
 * dev.berth.agent.task.TaskRunner} holds one task, turns what steps brought into changes, and
 * writes the journal before any step that relies on it.
 *
 * <pre>
 *   told ──▶ PENDING ──────────▶ RUNNING ───────▶ STOPPING ──────▶ DEPROVISIONING ─────▶ STOPPED
 *            images              exits awaited    SIGTERM          containers deleted    acknowledged:
 *            launch slot                          stop timeout     roots, network,       kept for its
 *            cgroup ∥ network ∥ roots             SIGKILL          cgroup, images        output until
 *            volumes                              exits awaited    removed               forgotten
 *            create                               (who depends
 *            [mark: may have started]              on others
 *            start, as they depend                 first)
 *            on each other
 *               └── a step failed, or a stop ───────▲ (waits for steps in progress, not for pulls)
 * </pre>
 *
 * <p>Invariants: a container whose mark says that it may have started is never started again unless
 * the runtime says that its process still waits, or a restart policy has taken the mark away;
 * nothing is removed while a step that makes something is in progress; exit codes are in the
 * journal before a container is deleted.
 */
@NullMarked
package dev.berth.agent.task;

import org.jspecify.annotations.NullMarked;
