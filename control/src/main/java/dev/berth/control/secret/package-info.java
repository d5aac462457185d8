/**
 * Secrets and parameters: kept sealed, opened for those who ask as they may, and for the tasks that
 * refer to them when these are launched.
 *
 * <p>Enters: values in clear, and references to them. Leaves: records that hold {@link
 * dev.berth.model.secret.Sealed} values alone. No I/O: whoever makes the {@link
 * dev.berth.control.secret.Vault} brings its key. Start reading at {@link
 * dev.berth.control.secret.SecretCommands}.
 */
@NullMarked
package dev.berth.control.secret;

import org.jspecify.annotations.NullMarked;
