/**
 * Log groups and their streams: append, read, filter, tail.
 *
 * <p>Enters: blocks of events. Leaves: events in the order of their times, or as they arrive.
 *
 * <p>Invariants: an append is acknowledged only after it is durable; a block that says how far its
 * source was read is stored once, however often it is sent; what is older than its group's
 * retention is not shown. A store elsewhere is another {@link dev.berth.logs.LogStore}, which
 * passes the same conformance suite. Start reading there.
 */
@NullMarked
package dev.berth.logs;

import org.jspecify.annotations.NullMarked;
