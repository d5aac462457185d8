/**
 * What a client may change of its networks: each command is checked, decided and made durable, or
 * refused with EC2's own error.
 *
 * <p>Enters: a realm and what the client declared. Leaves: what is now true, or {@link
 * dev.berth.control.command.vpc.NetworkRefused} with nothing changed. No command knows a wire
 * protocol. Start reading at {@link dev.berth.control.command.vpc.Networks}.
 */
@NullMarked
package dev.berth.control.command.vpc;

import org.jspecify.annotations.NullMarked;
