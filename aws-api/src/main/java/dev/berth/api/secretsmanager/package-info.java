/**
 * Secrets Manager over its official shapes.
 *
 * <p>Enters: decoded requests of a known caller. Leaves: answers, or Secrets Manager's own errors.
 * Values pass through in clear and are kept by none of these classes. Start reading at {@link
 * dev.berth.api.secretsmanager.SecretOperations}.
 */
@NullMarked
package dev.berth.api.secretsmanager;

import org.jspecify.annotations.NullMarked;
