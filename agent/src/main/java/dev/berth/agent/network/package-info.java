/**
 * A network namespace per task, in a VPC.
 *
 * <p>In come control's plans of VPCs and a task with its interface; out comes a namespace that the
 * task's containers join. A VPC is a router namespace that every packet of its tasks passes; what
 * it lets through is said by {@link dev.berth.agent.network.rules}. Interfaces are made ahead in
 * numbered slots, and a task takes a slot by a file named after it. Those files and the kernel are
 * the only record, so a killed agent never gives a slot twice. Every name made on the host bears
 * the agent's own mark: two agents never meet. Start reading at {@link
 * dev.berth.agent.network.VpcTaskNetworks}.
 */
@NullMarked
package dev.berth.agent.network;

import org.jspecify.annotations.NullMarked;
