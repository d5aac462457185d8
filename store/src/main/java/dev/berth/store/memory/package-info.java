/**
 * A store that lives as long as its process: for tests and for the simulator.
 *
 * <p>Invariants: no threads, clock or randomness of its own; a commit is done when it returns, so
 * one caller at a time sees the same every time.
 */
@NullMarked
package dev.berth.store.memory;

import org.jspecify.annotations.NullMarked;
