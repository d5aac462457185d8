/**
 * The hosts that are connected: what they are told and what they say.
 *
 * <p>Enters: connections and reports. Leaves: assignments, each read from the newest durable state
 * at the moment it is sent, so that a message is never older than one that was sent before.
 * Invariant: a report is acknowledged only after it is durable. Start reading at {@link
 * dev.berth.control.hosts.HostDirectory}.
 */
@NullMarked
package dev.berth.control.hosts;

import org.jspecify.annotations.NullMarked;
