/**
 * Sessions of roles: credentials that a task gets for its role, and who signs with them.
 *
 * <p>Enters: a role and whose session it is; later a session token. Leaves: credentials, or the key
 * that the token speaks of. Nothing is kept: a token carries what it stands for, sealed by the
 * {@link dev.berth.control.secret.Vault}. Why: docs/adr/0005. Start reading at {@link
 * dev.berth.control.role.RoleSessions}.
 */
@NullMarked
package dev.berth.control.role;

import org.jspecify.annotations.NullMarked;
