/**
 * The {@code berth} command: what a person types, turned into calls of Berth's one endpoint.
 *
 * <p>Enters: arguments, the environment, and the key that the server wrote for its operator.
 * Leaves: signed HTTP requests, text on the terminal, and an exit code. Invariant: the command
 * knows nothing that the endpoint did not tell it; it reads no state of the server and no cgroup,
 * so that it works the same against another machine. Start reading at {@link dev.berth.cli.Berth}.
 */
@NullMarked
package dev.berth.cli;

import org.jspecify.annotations.NullMarked;
