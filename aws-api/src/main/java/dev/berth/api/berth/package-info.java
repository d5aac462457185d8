/**
 * Berth's own API, for what AWS has no operation: the operator's view, output, timings, accounts
 * and images of this machine.
 *
 * <p>AWS JSON 1.1 on the wire, signed like everything else. Start reading at {@link
 * dev.berth.api.berth.OperatorService}.
 */
@NullMarked
package dev.berth.api.berth;

import org.jspecify.annotations.NullMarked;
