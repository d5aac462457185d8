/**
 * Berth as a whole in one thread: control plane, scheduler and agents are the real ones; clock,
 * disk, network and machines are simulated, and one seed decides everything that happens.
 *
 * <p>Enters: a seed. Leaves: nothing, or the first step after which something was true that must
 * never be, with the events before it. The same seed brings the same events in every process.
 *
 * <p>What is simulated does what the real thing may do and no more: a connection keeps the order of
 * its messages and may lose them by ending, a disk forgets what was not awaited, a machine that
 * loses its power forgets what was not synced. While control waits for its disk, other things go
 * on, so that its decisions are made among each other as on many threads.
 *
 * <p>Start reading at {@link dev.berth.simulation.World} (what happens) and {@link
 * dev.berth.simulation.Invariants} (what must hold). {@link dev.berth.simulation.Seams} is where a
 * test plants a bug to show that it is found.
 */
@NullMarked
package dev.berth.simulation;

import org.jspecify.annotations.NullMarked;
