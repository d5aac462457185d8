/**
 * A server that is killed again and again while it launches and stops tasks, and what must hold all
 * the same.
 *
 * <p>Enters: a running server, a seed and a number of kills. Leaves: every promise that was broken;
 * none, if all is well. The moments of the kills come from the seed, but what the server does at
 * that moment is the machine's affair: a seed that fails mostly fails again, not always. Start
 * reading at {@link dev.berth.bench.crash.CrashRun}.
 */
@NullMarked
package dev.berth.bench.crash;

import org.jspecify.annotations.NullMarked;
