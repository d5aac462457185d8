/**
 * The state of the control plane, and the only way to change it.
 *
 * <p>Enters: decisions, one after the other. Leaves: immutable {@link
 * dev.berth.control.state.State}s. Invariants: whoever got an answer can rely on it being durable;
 * decisions are made in one order and become durable in that order; only the process that leads
 * commits. Start reading at {@link dev.berth.control.state.Ledger}.
 */
@NullMarked
package dev.berth.control.state;

import org.jspecify.annotations.NullMarked;
