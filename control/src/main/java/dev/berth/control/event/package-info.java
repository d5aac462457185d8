/**
 * What became of tasks, for whoever follows: in come the ledger's changes once they are durable, in
 * their order; out go those that a client of ECS would hear of.
 *
 * <p>Kept in memory alone: who was not there when it happened asks for the tasks as they are now.
 */
@NullMarked
package dev.berth.control.event;

import org.jspecify.annotations.NullMarked;
