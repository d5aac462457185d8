/**
 * A cgroup per task that carries its CPU, memory and process count, with its containers below it.
 *
 * <p>In come a task and its size; out come paths for the runtime and whether memory ran out. All is
 * below one parent, {@code /<parent>/<task>/c-<container>}, in every hierarchy that the machine
 * has, so two agents with different parents never meet. The kernel is the only record: nothing is
 * kept here that a restart could lose. Start reading at {@link dev.berth.agent.cgroup.HostCgroups}.
 */
@NullMarked
package dev.berth.agent.cgroup;

import org.jspecify.annotations.NullMarked;
