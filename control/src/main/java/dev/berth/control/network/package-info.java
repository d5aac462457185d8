/**
 * Networks as they are decided: who gets which address, what every realm has from the start, and
 * what a host is told of a VPC.
 *
 * <p>Enters: the state. Leaves: addresses, interfaces, plans. Pure but for the draft that it is
 * given. Invariants: an address belongs to one interface at a time; the five addresses of a subnet
 * that AWS reserves belong to none. Start reading at {@link
 * dev.berth.control.network.VpcPlanCompiler}.
 */
@NullMarked
package dev.berth.control.network;

import org.jspecify.annotations.NullMarked;
