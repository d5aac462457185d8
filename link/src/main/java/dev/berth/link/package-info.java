/**
 * Messages between control and agent, and the streams that carry them.
 *
 * <p>The agent calls; one stream in both directions lasts as long as the connection. Messages are
 * records in {@link dev.berth.link.message}; golden files in this module's tests keep old and new
 * versions talking. Control and agent never meet but here.
 */
@NullMarked
package dev.berth.link;

import org.jspecify.annotations.NullMarked;
