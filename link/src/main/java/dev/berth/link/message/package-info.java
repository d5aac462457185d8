/**
 * What control and agent say to each other.
 *
 * <p>Invariants: every message may be lost with its connection, and may come twice; none depends on
 * another having arrived, but that a {@link dev.berth.link.message.ToAgent.Sync} opens each
 * connection. A host refuses what carries an older generation than it has seen.
 */
@NullMarked
package dev.berth.link.message;

import org.jspecify.annotations.NullMarked;
