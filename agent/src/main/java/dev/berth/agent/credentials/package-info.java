/**
 * The credentials of tasks' roles, as this host holds them.
 *
 * <p>In come tasks that have a role, and what control answers; out go questions for new credentials
 * long before the old ones end, and the newest that are valid. In memory alone: a new life of the
 * agent asks anew. Start reading at {@link dev.berth.agent.credentials.HeldCredentials}.
 */
@NullMarked
package dev.berth.agent.credentials;

import org.jspecify.annotations.NullMarked;
