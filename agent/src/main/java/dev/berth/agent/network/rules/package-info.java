/**
 * What a VPC's packet filter must say, as text for nftables.
 *
 * <p>In come a {@link dev.berth.model.network.VpcPlan} and the interfaces that this host has of it;
 * out comes a {@link dev.berth.agent.network.rules.RuleSet}, and the script that turns one into
 * another in one transaction. Pure: nothing here knows the kernel. Start reading at {@link
 * dev.berth.agent.network.rules.VpcRules}.
 */
@NullMarked
package dev.berth.agent.network.rules;

import org.jspecify.annotations.NullMarked;
