/**
 * Environment files: objects of S3 that containers' variables are read from.
 *
 * <p>In comes a task's spec, which names them by ARN; out go variables by container, for the host
 * that launches the task. What the files say may be secret: it is kept nowhere, and no message
 * shows it. The bytes come from an {@link dev.berth.control.environment.ObjectSource}, which
 * whoever wires Berth brings. Start reading at {@link
 * dev.berth.control.environment.EnvironmentFiles}.
 */
@NullMarked
package dev.berth.control.environment;

import org.jspecify.annotations.NullMarked;
