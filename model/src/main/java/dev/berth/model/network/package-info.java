/**
 * What a VPC is to the hosts that carry its tasks: addresses, interfaces, routes and security
 * groups, resolved so that a host has nothing to look up.
 *
 * <p>Control allocates every address and resolves every reference; a host only makes true what a
 * {@link dev.berth.model.network.VpcPlan} and the {@link dev.berth.model.network.EniSpec} of its
 * tasks say. Ids have EC2's form.
 */
@NullMarked
package dev.berth.model.network;

import org.jspecify.annotations.NullMarked;
