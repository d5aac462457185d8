/**
 * The subcommands, one class each.
 *
 * <p>Enters: what a person typed. Leaves: what they asked for on the output stream, and remarks on
 * the error stream. Invariant: what a script may read (an id, a table, {@code env}) goes to the
 * output stream alone. Start reading at {@link dev.berth.cli.command.RunCommand}.
 */
@NullMarked
package dev.berth.cli.command;

import org.jspecify.annotations.NullMarked;
