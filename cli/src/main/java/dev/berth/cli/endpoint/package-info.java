/**
 * Where Berth answers, and how it is called.
 *
 * <p>Enters: the environment, the operator's file, an operation and its input as a JSON tree.
 * Leaves: the answer as a JSON tree, or a {@link dev.berth.cli.endpoint.CallFailed} whose message a
 * person can act on. Invariant: every request is signed, and a secret is printed nowhere. Start
 * reading at {@link dev.berth.cli.endpoint.BerthClient}.
 */
@NullMarked
package dev.berth.cli.endpoint;

import org.jspecify.annotations.NullMarked;
