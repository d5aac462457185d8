/**
 * What control does again and again: place what waits, give up hosts that are silent, forget what
 * is old.
 *
 * <p>A round looks at the newest state, decides, commits and tells. It needs no memory of the round
 * before. Start reading at {@link dev.berth.control.rounds.Rounds}.
 */
@NullMarked
package dev.berth.control.rounds;

import org.jspecify.annotations.NullMarked;
