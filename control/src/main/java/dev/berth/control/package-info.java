/**
 * Decides what should be true.
 *
 * <p>Start reading at {@link dev.berth.control.state.Ledger}: everything that changes, changes
 * there.
 */
@NullMarked
package dev.berth.control;

import org.jspecify.annotations.NullMarked;
