/**
 * What a client may have done: each command is checked, decided and made durable, or refused.
 *
 * <p>Enters: a realm and what the client declared. Leaves: what is now true, or {@link
 * dev.berth.control.command.Refused} with nothing changed. No command knows a wire protocol. Start
 * reading at {@link dev.berth.control.command.ClusterCommands}.
 */
@NullMarked
package dev.berth.control.command;

import org.jspecify.annotations.NullMarked;
