/**
 * Containers: created, started, signalled, watched and deleted through an OCI runtime, each under a
 * monitor process that outlives this one.
 *
 * <p>In comes a {@link dev.berth.agent.runtime.ContainerPlan}; out come processes, exit codes and
 * output files. What a container looks like is decided purely, in {@link
 * dev.berth.agent.runtime.OciSpec}; the rest does it. Nothing is kept in memory that a restart
 * could lose: every question is answered from the kernel, the runtime's folder and the monitor's
 * files. An exit code is what the kernel reported, or absent. Start reading at {@link
 * dev.berth.agent.runtime.ConmonRuntime}.
 */
@NullMarked
package dev.berth.agent.runtime;

import org.jspecify.annotations.NullMarked;
