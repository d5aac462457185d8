/**
 * Main, configuration and wiring: alone knows everyone.
 *
 * <p>Start reading at {@link dev.berth.app.Server}: one process with the control plane, the
 * endpoint and, over the same link that other machines would use, the agent of this machine.
 */
@NullMarked
package dev.berth.app;

import org.jspecify.annotations.NullMarked;
