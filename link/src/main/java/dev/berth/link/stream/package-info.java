/**
 * The streams between control and agent. What lies between is gRPC, or nothing at all inside a
 * simulation: both sides only see these interfaces.
 *
 * <p>Invariant: the calls to one listener for one session come one after the other.
 */
@NullMarked
package dev.berth.link.stream;

import org.jspecify.annotations.NullMarked;
