/**
 * Talks to OCI and Docker v2 registries, which are not trusted.
 *
 * <p>Enters: references and credentials. Leaves: verified bytes, or a typed failure. Invariants:
 * credentials go to the registry's own host and to the token realm that it names, never along a
 * redirect; no request goes to a link-local address, nor to loopback unless the registry is there;
 * every answer and every wait is bounded. Start reading at {@link
 * dev.berth.agent.image.registry.RegistryClient}.
 */
@NullMarked
package dev.berth.agent.image.registry;

import org.jspecify.annotations.NullMarked;
