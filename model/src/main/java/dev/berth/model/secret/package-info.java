/**
 * Secrets of Secrets Manager and parameters of Systems Manager, as they are kept: their values
 * sealed, so that nobody who reads a record reads a secret.
 */
@NullMarked
package dev.berth.model.secret;

import org.jspecify.annotations.NullMarked;
