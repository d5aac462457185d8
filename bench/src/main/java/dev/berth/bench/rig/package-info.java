/**
 * Berth as a user has it: real processes, real containers, killed and started again at will.
 *
 * <p>Enters: an empty folder and the options of the command line. Leaves: a running server to call,
 * and at the end the list of what it left on the machine. Invariant: nothing is ended or removed
 * but what carries the mark of its own folder. Start reading at {@link
 * dev.berth.bench.rig.RunningBerth}.
 */
@NullMarked
package dev.berth.bench.rig;

import org.jspecify.annotations.NullMarked;
